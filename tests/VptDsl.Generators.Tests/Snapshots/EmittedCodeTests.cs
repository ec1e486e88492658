using System.Runtime.CompilerServices;
using VptDsl.Generators.Tests.Harness;
using VptDsl.Testing;

namespace VptDsl.Generators.Tests.Snapshots;

/// <summary>
/// All that is generated from six declarations, to read and to review: a change of the compiler shows here as a difference.
/// </summary>
/// <remarks>
/// Kernels are shown for one of them: <see cref="UserKernelTests"/> shows others, and tests on devices hold what all of them compute. They
/// also show that two processes, with their own hash codes, write the same bytes: the snapshots come from another one.
/// </remarks>
public sealed class EmittedCodeTests
{
    private const string Kernels = nameof(Kernels);

    [Fact]
    public void Linear() => MatchSnapshots(TinyModels.Linear);

    [Fact]
    public void Shallow() => MatchSnapshots(TinyModels.Shallow);

    [Fact]
    public void Deep() => MatchSnapshots(TinyModels.Deep);

    [Fact]
    public void CustomDepth() => MatchSnapshots(TinyModels.CustomDepth);

    [Fact]
    public void Later() => MatchSnapshots(TinyModels.Later);

    [Fact]
    public void KeyValue() => MatchSnapshots(TinyModels.KeyValue);

    private static void MatchSnapshots(string declaration, [CallerFilePath] string file = "", [CallerMemberName] string method = "")
    {
        GeneratorRun run = GeneratorHarness.Run(TinyModels.File(declaration));
        Assert.Empty(run.Diagnostics);
        GeneratedFile[] shown = [.. run.Sources.Where(s => method == nameof(Deep) || PartOf(s) != Kernels)];
        Assert.Equal(run.Sources.Length, shown.Length + (method == nameof(Deep) ? 0 : 1));
        Assert.Multiple([.. shown.Select<GeneratedFile, Action>(s => () => Snapshot.Match(s.Text, PartOf(s), "cs", file, method))]);

        // A file that is no longer generated must not leave its snapshot behind.
        IEnumerable<string> snapshots = Directory.EnumerateFiles(
            Path.GetDirectoryName(file)!, $"{nameof(EmittedCodeTests)}.{method}.*.verified.cs");
        Assert.Equal(shown.Select(PartOf).Order(), snapshots.Select(path => Path.GetFileName(path).Split('.')[2]).Order());
    }

    /// <summary>"Models.DeepTuner.Program.g.cs" is the part Program; the file without a part is the model's surface.</summary>
    private static string PartOf(GeneratedFile file) =>
        file.IsShared ? Kernels : file.HintName.Split('.') is [_, _, var part, "g", "cs"] ? part : "Surface";
}
