using VptDsl.Generators.Tests.Harness;
using VptDsl.Generators.Tests.Snapshots;
using VptDsl.Testing;

namespace VptDsl.Generators.Tests.Inheritance;

/// <summary>What a user sees of an abstract class and of a model that derives from it, to read and to review.</summary>
public sealed class InheritedSurfaceTests
{
    [Theory]
    [InlineData("Study")]
    [InlineData("InheritedTuner")]
    public void Surface(string name) => Snapshot.Match(
        GeneratorHarness.Run(TinyModels.File(TinyModels.Inherited)).Sources.Single(s => s.HintName == $"Models.{name}.g.cs").Text,
        name, "cs");
}
