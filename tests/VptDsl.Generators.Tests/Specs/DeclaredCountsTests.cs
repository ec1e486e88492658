using System.Globalization;
using System.Text.RegularExpressions;
using VptDsl.Generators.Tests.Harness;

namespace VptDsl.Generators.Tests.Specs;

/// <summary>What the generated class says of its size is what the paper's public code counts, and no prompts are a linear probe.</summary>
public sealed class DeclaredCountsTests
{
    private const long Backbone = 85_798_656, Layer = 7_087_872, Norm = 2 * 768, Head = (768 * 102) + 102;

    /// <summary>The classes of the five fine-grained tasks, and of VTAB's natural, specialized and structured ones.</summary>
    private static readonly int[] Classes =
    [
        200, 555, 102, 120, 196,
        100, 102, 47, 102, 37, 10, 397,
        2, 10, 45, 5,
        8, 6, 6, 4, 16, 16, 18, 9,
    ];

    /// <summary>Declarations beside ViT-B/16 and a head of 102 classes, with the parameters that they train.</summary>
    public static TheoryData<string, long> Counts => new()
    {
        { "", Head },
        { "[ShallowPrompt(Tokens = 100)]", (100 * 768) + Head },
        { "[DeepPrompt(Tokens = 50)]", (12 * 50 * 768) + Head },
        { "[TrainEverything]", Backbone + Head },
        { "[TrainLastLayers(1)]", Layer + Norm + Head },
    };

    [Theory]
    [MemberData(nameof(Counts))]
    public void The_generated_constants_count_what_is_trained(string declaration, long expected)
    {
        string text = string.Concat(Generate($"[Vit(VitSize.Base, Patch = 16, Image = 224)] {declaration} [LinearHead(Classes = 102)]"));

        Assert.Equal(expected, Constant(text, "TrainableParameters"));
        Assert.Equal(Backbone, Constant(text, "BackboneParameters"));
    }

    /// <summary>
    /// The second column of the paper's Table 1: the parameters of 24 tuned models, the backbone once where it is shared, in backbones.
    /// docs/protocols.md tells where the numbers of prompts come from, and what adapters and side networks have to do with the paper's.
    /// </summary>
    [Theory]
    [InlineData(24.02, "[TrainEverything]", "LinearHead", false)]
    [InlineData(1.02, "", "LinearHead", true)]
    [InlineData(3.00, "[TrainLastLayers(1)]", "LinearHead", true)]
    [InlineData(1.35, "", "MlpHead", true)]
    [InlineData(3.69, "[SideNetwork(Width = 2416)]", "LinearHead", true)]
    [InlineData(1.05, "[TrainBiases]", "LinearHead", true)]
    [InlineData(1.52, "[Adapter(Reduction = 8)]", "LinearHead", true)]
    [InlineData(1.08, "[Adapter(Reduction = 64)]", "LinearHead", true)]
    [InlineData(1.04, "[ShallowPrompt(Tokens = 100)]", "LinearHead", true)]
    [InlineData(1.18, "[DeepPrompt(Tokens = 63)]", "LinearHead", true)]
    public void The_generated_constants_give_the_papers_table(double total, string declaration, string head, bool isShared)
    {
        // A class more is a row more of the last layer and of its bias, so that two numbers of classes tell all.
        long two = Trained(2), three = Trained(3);
        double tuned = Classes.Sum(classes => two + ((classes - 2.0) * (three - two)));

        Assert.Equal(total, (isShared ? 1 : 0) + (tuned / Backbone), 0.005);

        long Trained(int classes) => Constant(
            string.Concat(Generate($"[Vit(VitSize.Base, Patch = 16, Image = 224)] {declaration} [{head}(Classes = {classes})]")),
            "TrainableParameters");
    }

    [Theory]
    [InlineData("[ShallowPrompt(Tokens = 0)]")]
    [InlineData("[DeepPrompt(Tokens = 0)]")]
    public void No_prompts_are_a_linear_probe(string none) =>
        Assert.Equal(Generate($"{Tiny} [LinearHead(Classes = 3)]"), Generate($"{Tiny} {none} [LinearHead(Classes = 3)]"));

    private const string Tiny = "[Vit(Width = 8, Layers = 2, Heads = 2, Mlp = 16, Patch = 4, Image = 8)]";

    private static string[] Generate(string attributes)
    {
        GeneratorRun run = GeneratorHarness.Run($"using VptDsl;\n{attributes} public sealed partial class Model;");
        Assert.Empty(run.Diagnostics);
        return [.. run.Sources.Select(s => s.Text)];
    }

    private static long Constant(string text, string name) =>
        long.Parse(Regex.Match(text, $@"const long {name} = ([0-9_]+)").Groups[1].Value.Replace("_", ""), CultureInfo.InvariantCulture);
}
