using VptDsl.Generators.Tests.Harness;

namespace VptDsl.Generators.Tests.Diagnostics;

/// <summary>Protects users from convolutional networks that cannot be, and from prompts that do not fit them.</summary>
public sealed class ConvolutionalDiagnosticsTests
{
    [Theory]
    [InlineData("[|ConvNeXt|]", "ConvNeXt", "Depths, Widths", "ConvNeXtSize.Base")]
    [InlineData("[|ResNet(Depths = \"3,4,6,3\")|]", "ResNet", "Widths", "ResNetSize.Layers50")]
    public void VPT008_size_is_not_stated(string backbone, string attribute, string missing, string preset) => Reports(
        backbone,
        "VPT008",
        $"[{attribute}] does not say how large the backbone is: add {missing}, or start from a preset, "
            + $"for instance [{attribute}({preset})]");

    [Theory]
    [InlineData("ConvNeXt(ConvNeXtSize.Tiny, Channels = [|0|])", "Channels", 0)]
    [InlineData("ResNet(ResNetSize.Layers18, Stem = [|-1|])", "Stem", -1)]
    [InlineData("ResNet(ResNetSize.Layers18, Expansion = [|0|])", "Expansion", 0)]
    public void VPT009_size_is_not_positive(string backbone, string argument, int value) => Reports(
        backbone,
        "VPT009",
        $"{argument} is {value}, but a size is at least 1: write a positive number, or leave {argument} out to get its default");

    [Theory]
    [InlineData(
        "ConvNeXt(ConvNeXtSize.Tiny, Depths = [|\"400,400,400,3\"|])", "1,203 blocks, but at most 1,000 are possible: make Depths smaller")]
    [InlineData(
        "ConvNeXt(ConvNeXtSize.Tiny, Image = [|32768|])",
        "3,221,225,472 numbers in an image, but at most 2,147,483,647 are possible: make Image smaller")]
    [InlineData(
        "ResNet(ResNetSize.Layers18, Widths = [|\"1,1,1,20000\"|])",
        "10,800,610,465 backbone parameters, but at most 2,147,483,647 are possible: make Widths or Depths smaller")]
    public void VPT018_backbone_is_too_large(string backbone, string complaint) =>
        Reports(backbone, "VPT018", "The declaration asks for " + complaint);

    [Fact]
    public void VPT018_border_is_wider_than_the_image() => DiagnosticAssert.Reports(
        "[ResNet(ResNetSize.Layers18), PadPrompt(Pixels = [|225|]), LinearHead(Classes = 10)] public sealed partial class Flowers;",
        "VPT018",
        "The declaration asks for 225 pixels on each side, but at most 224 are possible: use no more Pixels than the image has");

    [Fact]
    public void VPT019_preset_does_not_exist() => Reports(
        "ConvNeXt([|(ConvNeXtSize)4|])",
        "VPT019",
        "ConvNeXtSize has no value 4: write one of ConvNeXtSize.Tiny, ConvNeXtSize.Small, ConvNeXtSize.Base, ConvNeXtSize.Large");

    [Theory]
    [InlineData(
        "ConvNeXt(ConvNeXtSize.Tiny)",
        "[|DeepPrompt(Tokens = 5)|]",
        "DeepPrompt",
        "ConvNeXt of 3, 3, 9, 3 blocks 96, 192, 384, 768 wide on 224-pixel images",
        "[ChannelPrompt] or [PadPrompt]")]
    [InlineData(
        "ResNet(ResNetSize.Layers50)",
        "[|ShallowPrompt|]",
        "ShallowPrompt",
        "ResNet of 3, 4, 6, 3 bottleneck blocks on 224-pixel images",
        "[ChannelPrompt] or [PadPrompt]")]
    [InlineData(
        "Swin(SwinSize.Tiny)",
        "[|PixelPrompt|]",
        "PixelPrompt",
        "Swin transformer of width 96 with 2, 2, 6, 2 blocks and 3, 6, 12, 24 heads in windows of 7 × 7 on 224-pixel images in 4-pixel "
            + "patches",
        "[ShallowPrompt], [DeepPrompt], [AddedPrompt], [ChannelPrompt] or [PadPrompt]")]
    public void VPT040_prompts_do_not_fit(string backbone, string prompts, string attribute, string words, string remedy) =>
        DiagnosticAssert.Reports(
            $"[{backbone}, {prompts}, LinearHead(Classes = 10)] public sealed partial class Flowers;",
            "VPT040",
            $"[{attribute}] does not fit a {words}: use {remedy}");

    [Theory]
    [InlineData("ConvNeXt(ConvNeXtSize.Tiny, Depths = [|\"3,3,9\"|])", "Depths", "3,3,9")]
    [InlineData("ConvNeXt(ConvNeXtSize.Tiny, Widths = [|\"96,192,384,-1\"|])", "Widths", "96,192,384,-1")]
    [InlineData("ResNet(ResNetSize.Layers18, Depths = [|\"2,2,,2\"|])", "Depths", "2,2,,2")]
    [InlineData("ResNet(ResNetSize.Layers18, Widths = [|\"\"|])", "Widths", "")]
    public void VPT041_stages_cannot_be_read(string backbone, string argument, string text) => Reports(
        backbone,
        "VPT041",
        $"{argument} = \"{text}\" is not a number for each of four stages: write four positive numbers with commas between them, "
            + "for instance \"3,3,27,3\"");

    [Fact]
    public void VPT042_image_is_too_small() => Reports(
        "ConvNeXt(ConvNeXtSize.Tiny, Image = [|31|])",
        "VPT042",
        "Image is 31, but the stages shrink an image to a thirty-second, of which nothing is left: write at least 32");

    [Fact]
    public void VPT043_prompt_pixels_are_no_colours() => DiagnosticAssert.Reports(
        "[ResNet(ResNetSize.Layers18, Channels = 1), [|PadPrompt(Pixels = 2)|], LinearHead(Classes = 10)] public sealed partial class "
            + "Digits;",
        "VPT043",
        "Prompt pixels that start as colours are normalised as RGB, but an image has 1 channels: write Start = PixelStart.Normal");

    [Theory]
    [InlineData("ConvNeXt(ConvNeXtSize.Large, Image = 32)")]
    [InlineData("ConvNeXt(Depths = \" 1, 1 ,2,1\", Widths = \"8,12,16,28\", Image = 33)")]
    [InlineData("ResNet(ResNetSize.Layers18, Image = 1)")]
    [InlineData("ResNet(Depths = \"1,1,1,1\", Widths = \"4,4,4,4\", Expansion = 2, Stem = 8, Image = 32)")]
    public void Backbones_that_fit_are_accepted(string backbone) =>
        DiagnosticAssert.ReportsNothing(
            $"[{backbone}, PadPrompt(Pixels = 1), LinearHead(Classes = 10)] public sealed partial class Flowers;");

    private static void Reports(string backbone, string id, string message) =>
        DiagnosticAssert.Reports($"[{backbone}, LinearHead(Classes = 10)] public sealed partial class Flowers;", id, message);
}
