using VptDsl.Generators.Tests.Harness;
using VptDsl.Testing;
using static Microsoft.CodeAnalysis.IncrementalStepRunReason;

namespace VptDsl.Generators.Tests.Snapshots;

/// <summary>A model is emitted as an ONNX graph where the library for that is referenced, and nowhere else.</summary>
public sealed class OnnxCodeTests
{
    [Fact]
    public void The_graph_of_deep_prompts() => Snapshot.Match(FileOf(TinyModels.Deep, "OnnxGraph"), "OnnxGraph", "cs");

    [Fact]
    public void What_a_model_gains() => Snapshot.Match(FileOf(TinyModels.Deep, "Onnx"), "Onnx", "cs");

    [Fact]
    public void Emitted_graphs_compile()
    {
        foreach (string model in TinyModels.All)
        {
            GeneratorRun run = GeneratorHarness.RunWithOnnx(TinyModels.File(model));
            Assert.Empty(run.Diagnostics);
            Assert.Empty(run.CompileErrors);
        }
    }

    [Fact]
    public void A_project_without_the_library_has_nothing_of_it()
    {
        GeneratorRun with = GeneratorHarness.RunWithOnnx(TinyModels.File(TinyModels.Deep));
        GeneratorRun without = GeneratorHarness.Run(TinyModels.File(TinyModels.Deep));

        Assert.Equal(with.Sources.Where(s => !s.HintName.Contains("Onnx", StringComparison.Ordinal)), without.Sources);
        Assert.Equal(without.Sources.Length + 2, with.Sources.Length);
    }

    [Fact]
    public void A_reference_that_comes_compiles_models_again_and_an_edit_elsewhere_does_not()
    {
        var session = new IncrementalSession(("Model.cs", TinyModels.File(TinyModels.Deep)), ("Other.cs", "class Other;"));
        session.Add(GeneratorHarness.Onnx);
        Assert.Equal([Modified], session.Reasons(TrackingNames.Compile));
        session.AssertAsFresh();

        session.Edit("Other.cs", "class Other { int _more; }");
        Assert.Equal([Cached], session.Reasons(TrackingNames.Compile));
    }

    private static string FileOf(string declaration, string part) => GeneratorHarness.RunWithOnnx(TinyModels.File(declaration)).Sources
        .Single(s => s.HintName.EndsWith($".{part}.g.cs", StringComparison.Ordinal)).Text;
}
