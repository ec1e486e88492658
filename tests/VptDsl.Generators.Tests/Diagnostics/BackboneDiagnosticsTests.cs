using VptDsl.Generators.Tests.Harness;

namespace VptDsl.Generators.Tests.Diagnostics;

/// <summary>Protects users from backbones whose sizes are missing, impossible, or do not fit each other.</summary>
public sealed class BackboneDiagnosticsTests
{
    [Theory]
    [InlineData("[|Vit|]", "Width, Layers, Heads")]
    [InlineData("[|Vit()|]", "Width, Layers, Heads")]
    [InlineData("[|Vit(Width = 64, Patch = 8)|]", "Layers, Heads")]
    [InlineData("[|Vit(Width = 64, Layers = 2)|]", "Heads")]
    public void VPT008_size_is_not_stated(string vit, string missing) =>
        Reports(
            vit,
            "VPT008",
            $"[Vit] does not say how large the backbone is: add {missing}, or start from a preset, for instance [Vit(VitSize.Base)]");

    [Theory]
    [InlineData("Width", -64)]
    [InlineData("Layers", 0)]
    [InlineData("Heads", 0)]
    [InlineData("Mlp", -1)]
    [InlineData("Channels", 0)]
    [InlineData("Image", -224)]
    [InlineData("Patch", 0)]
    public void VPT009_size_is_not_positive(string argument, int value) =>
        Reports(
            $"Vit(VitSize.Tiny, {argument} = [|{value}|])",
            "VPT009",
            $"{argument} is {value}, but a size is at least 1: write a positive number, or leave {argument} out to get its default");

    [Theory]
    [InlineData("Vit(VitSize.Tiny, Width = [|100|])", 100, 3, "99 or 102")]
    [InlineData("Vit(VitSize.Tiny, Heads = [|5|])", 192, 5, "190 or 195")]
    [InlineData("Vit(Heads = 3, Layers = 1, Width = [|64|])", 64, 3, "63 or 66")]
    [InlineData("Vit(Heads = 8, Layers = 1, Width = [|4|])", 4, 8, "8")]
    public void VPT010_width_is_not_divisible_by_heads(string vit, int width, int heads, string widths) =>
        Reports(
            vit,
            "VPT010",
            $"A width of {width} cannot be shared out evenly among {heads} heads: use a width of {widths}, "
                + $"or a number of heads that divides {width}");

    [Theory]
    [InlineData("Vit(VitSize.Tiny, Image = [|225|])", 225, 16, "224 or 240")]
    [InlineData("Vit(VitSize.Tiny, Patch = [|15|])", 224, 15, "210 or 225")]
    [InlineData("Vit(VitSize.Tiny, Patch = 7, Image = [|32|])", 32, 7, "28 or 35")]
    [InlineData("Vit(VitSize.Huge, Image = [|256|])", 256, 14, "252 or 266")]
    [InlineData("Vit(VitSize.Tiny, Image = [|8|])", 8, 16, "16")]
    [InlineData("Vit(VitSize.Tiny, ImageWidth = [|150|])", 150, 16, "144 or 160")]
    [InlineData("Vit(VitSize.Tiny, Image = 150, ImageWidth = 160, ImageHeight = [|170|])", 170, 16, "160 or 176")]
    [InlineData("Vit(VitSize.Tiny, PatchHeight = [|15|])", 224, 15, "210 or 225")]
    public void VPT011_image_is_not_divisible_by_patch(string vit, int image, int patch, string images) =>
        Reports(
            vit,
            "VPT011",
            $"An image of {image} pixels cannot be cut into patches of {patch}: use an image of {images}, or a patch that divides {image}");

    [Theory]
    [InlineData("Vit(VitSize.Tiny, Layers = [|1001|])", "1,001 layers, but at most 1,000 are possible: make Layers smaller")]
    [InlineData(
        "Vit(VitSize.Tiny, Layers = [|int.MaxValue|])", "2,147,483,647 layers, but at most 1,000 are possible: make Layers smaller")]
    [InlineData(
        "Vit(VitSize.Tiny, Image = [|32768|])",
        "3,221,225,472 numbers in an image, but at most 2,147,483,647 are possible: make Image smaller")]
    [InlineData(
        "Vit(VitSize.Base, Width = [|12000|])",
        "20,749,500,000 backbone parameters, but at most 2,147,483,647 are possible: make Width, Mlp or Layers smaller")]
    [InlineData(
        "Vit(VitSize.Tiny, Mlp = [|2147483647|])",
        "9,921,376,425,396 backbone parameters, but at most 2,147,483,647 are possible: make Width, Mlp or Layers smaller")]
    [InlineData(
        "Vit(VitSize.Tiny, Patch = [|1|], Image = 2048)",
        "3,221,226,240 activations of one image in a layer, but at most 2,147,483,647 are possible: make Patch larger or Image smaller")]
    public void VPT018_backbone_is_too_large(string vit, string complaint) =>
        Reports(vit, "VPT018", "The declaration asks for " + complaint);

    [Theory]
    [InlineData("Vit([|(VitSize)9|])", 9)]
    [InlineData("Vit(size: [|(VitSize)(-1)|], Width = 64)", -1)]
    public void VPT019_preset_does_not_exist(string vit, int value) =>
        Reports(
            vit,
            "VPT019",
            $"VitSize has no value {value}: write one of VitSize.Tiny, VitSize.Small, VitSize.Base, VitSize.Large, VitSize.Huge");

    [Theory]
    [InlineData("Vit(VitSize.Tiny)")]
    [InlineData("Vit(size: VitSize.Huge)")]
    [InlineData("Vit(VitSize.Large, Patch = 32, Image = 384)")]
    [InlineData("Vit(VitSize.Tiny, Width = 96, Layers = 1, Heads = 1, Mlp = 5, Channels = 1)")]
    [InlineData("Vit(Width = 64, Layers = 4, Heads = 4, Patch = 7, Image = 28, Channels = 1)")]
    [InlineData("Vit(VitSize.Tiny, Image = Sizes.Image)")]
    public void Backbones_that_fit_are_accepted(string vit) =>
        DiagnosticAssert.ReportsNothing(
            $$"""
            [{{vit}}, LinearHead(Classes = 10)] public sealed partial class Flowers;
            internal static class Sizes { public const int Image = 16 * 3; }
            """);

    private static void Reports(string vit, string id, string message) =>
        DiagnosticAssert.Reports($"[{vit}, LinearHead(Classes = 10)] public sealed partial class Flowers;", id, message);
}
