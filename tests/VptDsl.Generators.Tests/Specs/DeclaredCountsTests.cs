using System.Globalization;
using System.Text.RegularExpressions;
using VptDsl.Generators.Tests.Harness;

namespace VptDsl.Generators.Tests.Specs;

/// <summary>What the generated class says of its size is what the paper's public code counts, and no prompts are a linear probe.</summary>
public sealed class DeclaredCountsTests
{
    private const long Backbone = 85_798_656, Layer = 7_087_872, Norm = 2 * 768, Head = (768 * 102) + 102;

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
