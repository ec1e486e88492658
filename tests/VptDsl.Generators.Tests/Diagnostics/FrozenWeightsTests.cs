using VptDsl.Generators.Tests.Harness;

namespace VptDsl.Generators.Tests.Diagnostics;

/// <summary>In what memory holds frozen weights is declared: that changes the plan, and not what the declaration means.</summary>
public sealed class FrozenWeightsTests
{
    private const string Half = "[FrozenWeights(WeightStorage.BFloat16)] ";
    private const string Backbone = "[Vit(Patch = 16, Image = 224, Width = 384, Layers = 2, Heads = 6)] ";
    private const string Rest = "[DeepPrompt(Tokens = 4)] [LinearHead(Classes = 5)] ";

    [Fact]
    public void A_weight_of_products_is_stored_in_half_the_memory_and_its_bias_is_not()
    {
        string description = File(Run(Model(Half)), "Tuner.Description");
        string[] weights = [.. description.Split('\n').Where(line => line.Contains("blocks.0.mlp.fc1", StringComparison.Ordinal))];

        Assert.Equal(2, weights.Length);
        string stored = Assert.Single(
            weights, line => line.Contains("Storage = global::VptDsl.WeightStorage.BFloat16", StringComparison.Ordinal));
        Assert.Contains("fc1.weight", stored, StringComparison.Ordinal);
        Assert.Equal(Declaration(Run(Model(""))), Declaration(Run(Model(Half))));
    }

    [Fact]
    public void Float32_is_what_there_is_without_it()
    {
        GeneratorRun without = Run(Model("")), with = Run(Model("[FrozenWeights(WeightStorage.Float32)] "));

        foreach (string part in new[] { "Description", "Program", "Cpu", "Ilgpu" })
            Assert.Equal(File(without, "Tuner." + part), File(with, "Tuner." + part));
    }

    [Fact]
    public void The_explanation_says_how_much_it_is()
    {
        Assert.Contains("Frozen weights in bfloat16: ", File(Run(Model(Half)), "Tuner.g.cs"), StringComparison.Ordinal);
        Assert.Contains(
            "No frozen weight is in bfloat16", File(Run(Model(Half + "[TrainEverything] ")), "Tuner.g.cs"), StringComparison.Ordinal);
        Assert.DoesNotContain("rozen weights in", File(Run(Model("")), "Tuner.g.cs"), StringComparison.Ordinal);
    }

    /// <summary>A GPU unpacks a weight before the kernels that every model of the project has.</summary>
    [Fact]
    public void A_product_on_a_gpu_unpacks_its_weight_first()
    {
        GeneratorRun half = Run(Model(Half));
        string operations = File(half, "Tuner.Ilgpu");

        Assert.Contains("public override long UnpackedFloats => 589824;", operations, StringComparison.Ordinal);
        Assert.Contains("b = Unpacked;", operations, StringComparison.Ordinal);
        Assert.DoesNotContain("Unpack", File(Run(Model("")), "Tuner.Ilgpu"), StringComparison.Ordinal);
        Assert.Contains("SharedPairs(b, 1536, 384)", File(half, "Tuner.Cpu"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("(WeightStorage)2", 2)]
    [InlineData("(WeightStorage)(-1)", -1)]
    public void VPT019_what_is_no_storage(string written, int number) => DiagnosticAssert.Reports(
        $"{Backbone}{Rest}[FrozenWeights([|{written}|])] public sealed partial class Tuner;",
        "VPT019",
        $"WeightStorage has no value {number}: write WeightStorage.Float32 or WeightStorage.BFloat16");

    private static string Model(string storage) => $"{storage}{Backbone}{Rest}public sealed partial class Tuner;\n";

    private static string Declaration(GeneratorRun run) =>
        Assert.Single(File(run, "Tuner.Description").Split('\n'), line => line.Contains("Declaration = ", StringComparison.Ordinal));

    private static GeneratorRun Run(string models)
    {
        GeneratorRun run = GeneratorHarness.Run("using VptDsl;\n\n" + models);
        Assert.Empty(run.Diagnostics);
        Assert.Empty(run.CompileErrors);
        return run;
    }

    private static string File(GeneratorRun run, string name) =>
        Assert.Single(run.Sources, file => file.HintName.Contains(name, StringComparison.Ordinal)).Text;
}
