using VptDsl.Generators.Tests.Harness;

namespace VptDsl.Generators.Tests.Diagnostics;

/// <summary>Protects users from declarations that leave out a part of the model or state it twice.</summary>
public sealed class RoleDiagnosticsTests
{
    [Fact]
    public void VPT005_no_backbone() =>
        DiagnosticAssert.Reports(
            "[LinearHead(Classes = 10)] public sealed partial class [|Flowers|];",
            "VPT005",
            "'Flowers' has no backbone: add one, for instance [Vit(VitSize.Base)]");

    [Fact]
    public void VPT006_no_head() =>
        DiagnosticAssert.Reports(
            "[Vit(VitSize.Tiny)] public sealed partial class [|Flowers|];",
            "VPT006",
            "'Flowers' has no head: add one that says how many classes there are, for instance [LinearHead(Classes = 10)]");

    [Fact]
    public void VPT005_and_VPT006_neither_backbone_nor_head() =>
        Assert.Equal(
            ["VPT005", "VPT006"],
            GeneratorHarness.Run("[VptDsl.TrainEverything] partial class Flowers;").Diagnostics.Select(d => d.Id).Order());

    [Theory]
    [InlineData("[Vit(VitSize.Tiny), [|Vit(VitSize.Base)|], LinearHead(Classes = 10)]", "backbone", "Vit", "Vit")]
    [InlineData(
        "[Vit(VitSize.Tiny), LinearHead(Classes = 10), ShallowPrompt, [|DeepPrompt(Tokens = 5)|]]",
        "prompt attribute",
        "ShallowPrompt",
        "DeepPrompt")]
    [InlineData(
        "[Vit(VitSize.Tiny), LinearHead(Classes = 10), DeepPrompt, [|DeepPrompt|]]", "prompt attribute", "DeepPrompt", "DeepPrompt")]
    [InlineData("[Vit(VitSize.Tiny), LinearHead(Classes = 10), [|LinearHead(Classes = 5)|]]", "head", "LinearHead", "LinearHead")]
    public void VPT007_declared_twice(string attributes, string what, string first, string second) =>
        DiagnosticAssert.Reports(
            attributes + " public sealed partial class Flowers;",
            "VPT007",
            $"'Flowers' can have only one {what}, but has [{first}] and [{second}]: remove one of them, or declare a class for each");

    [Fact]
    public void VPT007_declared_twice_on_two_parts() =>
        DiagnosticAssert.ReportsAll(
            """
            [Vit(VitSize.Tiny), LinearHead(Classes = 10)] public sealed partial class Flowers;
            [[|Vit(VitSize.Base)|]] public sealed partial class Flowers;
            """,
            "VPT007");

    [Theory]
    [InlineData("[[|ShallowPrompt|], LinearHead(Classes = 10)]")]
    [InlineData("[LinearHead(Classes = 10)] [[|DeepPrompt(Tokens = 5, Layers = \"3..\")|]]")]
    public void VPT012_prompts_without_a_backbone(string attributes) =>
        DiagnosticAssert.Reports(
            attributes + " public sealed partial class Flowers;",
            "VPT012",
            "'Flowers' has prompts but no backbone to prompt: add one, for instance [Vit(VitSize.Base)]");

    [Theory]
    [InlineData("[Vit(VitSize.Tiny), LinearHead(Classes = 10)]")]
    [InlineData("[Vit(VitSize.Tiny), ShallowPrompt, LinearHead(Classes = 10)]")]
    [InlineData("[Vit(VitSize.Tiny), DeepPrompt, LinearHead(Classes = 10), TrainEverything]")]
    [InlineData("[LinearHead(Classes = 10)] [TrainEverything] [Vit(VitSize.Tiny)]")]
    public void Complete_declarations_are_accepted(string attributes) =>
        DiagnosticAssert.ReportsNothing(attributes + " public sealed partial class Flowers;");

    [Fact]
    public void Attributes_of_the_same_name_from_elsewhere_are_not_ours()
    {
        GeneratorRun run = GeneratorHarness.Run(
            """
            [Elsewhere.Vit] public sealed class Flowers;
            namespace Elsewhere { public sealed class VitAttribute : System.Attribute; }
            """);

        Assert.Empty(run.Diagnostics);
        Assert.Empty(run.Sources);
    }
}
