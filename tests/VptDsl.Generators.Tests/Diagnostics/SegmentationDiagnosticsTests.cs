using VptDsl.Generators.Tests.Harness;

namespace VptDsl.Generators.Tests.Diagnostics;

/// <summary>Protects users from decoders of pixels that the rest of the declaration does not fit.</summary>
public sealed class SegmentationDiagnosticsTests
{
    [Theory]
    [InlineData("Swin(SwinSize.Tiny)", "Swin")]
    [InlineData("ResNet(ResNetSize.Layers18)", "ResNet")]
    public void VPT070_the_backbone_has_no_patch_tokens(string backbone, string name) =>
        DiagnosticAssert.Reports(
            $"[{backbone}, [|SegmentationHead(Classes = 5)|]] public sealed partial class Scenes;",
            "VPT070",
            $"[{name}] has no patch tokens of one size that a segmentation head could read: use a vision transformer such as [Vit], "
                + "or [LinearHead] to classify whole images");

    [Fact]
    public void VPT071_too_few_layers_to_aggregate() =>
        DiagnosticAssert.Reports(
            "[Vit(Width = 64, Layers = 3, Heads = 4), SegmentationHead(Classes = 5, Decoder = [|SetrDecoder.Mla|])] public sealed partial "
                + "class Scenes;",
            "VPT071",
            "SetrDecoder.Mla reads the tokens of 4 layers, but the backbone has 3: use SetrDecoder.Naive or SetrDecoder.Pup, "
                + "or a deeper backbone");

    [Theory]
    [InlineData("Classes = 5, IgnoreLabel = [|0|]", 0, 5)]
    [InlineData("Classes = 5, IgnoreLabel = [|-1|]", -1, 5)]
    [InlineData("Classes = [|300|]", 255, 300)]
    public void VPT072_a_class_is_ignored(string arguments, int ignored, int classes) =>
        DiagnosticAssert.Reports(
            Declaration("Vit(VitSize.Tiny)", arguments),
            "VPT072",
            $"IgnoreLabel = {ignored} is not above the {classes} classes, labels 0 to one less than that: ignore a label that is no class, "
                + "for instance 255");

    [Fact]
    public void VPT073_labels_do_not_cover_a_border() =>
        DiagnosticAssert.Reports(
            "[Vit(VitSize.Tiny), [|PadPrompt(Pixels = 16)|], SegmentationHead(Classes = 5)] public sealed partial class Scenes;",
            "VPT073",
            "[PadPrompt] makes images larger than their label maps: use prompts that leave the image as it is, for instance [DeepPrompt]");

    [Theory]
    [InlineData("Vit(VitSize.Tiny, Pool = [|TokenPool.ImageTokens|])")]
    [InlineData("Vit(VitSize.Tiny, FinalNorm = [|FinalNorm.AfterPool|])")]
    public void VPT074_nothing_is_pooled(string backbone) =>
        DiagnosticAssert.Reports(
            Declaration(backbone, "Classes = 5"),
            "VPT074",
            "A segmentation head reads every patch token after the final norm, so there is nothing to pool: remove Pool and FinalNorm, "
                + "or use [LinearHead]");

    [Fact]
    public void VPT036_nothing_would_read_a_side_network() =>
        DiagnosticAssert.Reports(
            "[Vit(VitSize.Tiny), [|SideNetwork(Width = 8)|], SegmentationHead(Classes = 5)] public sealed partial class Scenes;",
            "VPT036",
            "a side network changes the features by which whole images are classified, and a segmentation head reads every patch token: "
                + "remove [SideNetwork], or use [LinearHead]");

    [Theory]
    [InlineData("Classes = [|1|]", "VPT017")]
    [InlineData("Classes = 5, Width = [|0|]", "VPT009")]
    [InlineData("Classes = 5, Decoder = [|(SetrDecoder)7|]", "VPT019")]
    [InlineData("Classes = [|50000|], IgnoreLabel = 50000", "VPT018")]
    public void Rules_of_all_heads_hold(string arguments, string id) =>
        DiagnosticAssert.ReportsAll(Declaration("Vit(VitSize.Tiny)", arguments), id);

    [Theory]
    [InlineData("Classes = 150")]
    [InlineData("Classes = 150, Decoder = SetrDecoder.Mla, Width = 64")]
    [InlineData("Classes = 300, Decoder = SetrDecoder.Linear, IgnoreLabel = 1000")]
    public void Decoders_that_fit_are_accepted(string arguments) =>
        DiagnosticAssert.ReportsNothing(Declaration("Vit(VitSize.Tiny)", arguments));

    private static string Declaration(string backbone, string head) =>
        $"[{backbone}, DeepPrompt(Tokens = 2), SegmentationHead({head})] public sealed partial class Scenes;";
}
