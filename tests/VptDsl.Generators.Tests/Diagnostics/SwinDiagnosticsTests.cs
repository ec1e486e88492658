using VptDsl.Generators.Tests.Harness;

namespace VptDsl.Generators.Tests.Diagnostics;

/// <summary>Protects users from Swin transformers whose stages are missing, unreadable, or do not fit each other.</summary>
public sealed class SwinDiagnosticsTests
{
    [Theory]
    [InlineData("[|Swin|]", "Width, Depths, Heads")]
    [InlineData("[|Swin(Width = 96, Depths = \"2,2\")|]", "Heads")]
    public void VPT050_stages_are_not_stated(string swin, string missing) =>
        Reports(
            swin,
            "VPT050",
            $"[Swin] does not say how large the backbone is: add {missing}, or start from a preset, for instance [Swin(SwinSize.Base)]");

    [Theory]
    [InlineData("Depths", "2,,2", "because '' is no positive number")]
    [InlineData("Depths", "2, 0", "because '0' is no positive number")]
    [InlineData("Heads", "3,six", "because 'six' is no positive number")]
    [InlineData("Heads", "1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1", "because it has more than 16 stages")]
    public void VPT051_stages_cannot_be_read(string argument, string text, string complaint) =>
        Reports(
            $"Swin(SwinSize.Tiny, {argument} = [|\"{text}\"|])",
            "VPT051",
            $"{argument} = \"{text}\" cannot be read, {complaint}: write one positive number for each stage with commas between them, "
                + "for instance \"2,2,6,2\"");

    [Fact]
    public void VPT052_depths_and_heads_differ() =>
        Reports(
            "Swin(SwinSize.Tiny, Depths = [|\"2,2\"|])",
            "VPT052",
            "Depths has 2 stages and Heads has 4: write one number of blocks and one number of heads for each stage");

    [Theory]
    [InlineData("Swin(SwinSize.Base, Image = [|256|])", 0, 64, 7, "of 224 or 448")]
    [InlineData("Swin(SwinSize.Base, Window = [|12|])", 0, 56, 12, "of 384")]
    public void VPT053_windows_do_not_fit(string swin, int stage, int side, int window, string images) =>
        Reports(
            swin,
            "VPT053",
            $"Stage {stage} has a grid of {side} × {side} tokens, which cannot be cut into windows of {window} × {window}: "
                + $"use an image {images}, or a window that divides the grid");

    [Theory]
    [InlineData("DeepPrompt(Tokens = 2, Projection = [|8|])", "Projection")]
    [InlineData("ShallowPrompt(Projection = [|8|])", "Projection")]
    [InlineData("DeepPrompt(Tokens = 2, Shared = [|true|])", "Shared")]
    public void VPT040_names_the_argument_where_the_attribute_would_fit(string prompts, string argument) => DiagnosticAssert.Reports(
        $"[Swin(SwinSize.Tiny), {prompts}, LinearHead(Classes = 10)] public sealed partial class Flowers;",
        "VPT040",
        $"{argument} of [{prompts[..prompts.IndexOf('(', StringComparison.Ordinal)]}] does not fit a Swin transformer of width 96 with 2, "
            + "2, 6, 2 blocks and 3, 6, 12, 24 heads in windows of 7 × 7 on 224-pixel images in 4-pixel patches: "
            + $"use prompts of each stage's own: remove {argument}");

    [Fact]
    public void VPT054_grid_cannot_be_halved() =>
        Reports(
            "Swin(SwinSize.Tiny, Image = [|28|])",
            "VPT054",
            "Stage 0 has a grid of 7 × 7 tokens, whose neighbours cannot be merged in pairs: use an image of 224, or fewer stages");

    [Theory]
    [InlineData("Swin(SwinSize.Tiny, Width = [|0|])", "VPT009")]
    [InlineData("Swin(SwinSize.Tiny, Heads = [|\"3,6,12,25\"|])", "VPT010")]
    [InlineData("Swin(SwinSize.Tiny, Image = [|225|])", "VPT011")]
    [InlineData("Swin(SwinSize.Tiny, Width = [|1000000|])", "VPT018")]
    [InlineData("Swin(SwinSize.Tiny, Depths = [|\"2,2,2000,2\"|])", "VPT018")]
    [InlineData("Swin([|(SwinSize)7|])", "VPT019")]
    public void Rules_of_all_backbones_hold(string swin, string id) => DiagnosticAssert.ReportsAll(Declaration(swin), id);

    [Theory]
    [InlineData("Swin(SwinSize.Large)")]
    [InlineData("Swin(SwinSize.Base, Image = 384, Window = 12)")]
    [InlineData("Swin(Width = 6, Depths = \"1, 2\", Heads = \"1, 2\", Image = 16, Window = 4, Channels = 1)")]
    public void Backbones_that_fit_are_accepted(string swin) => DiagnosticAssert.ReportsNothing(Declaration(swin));

    private static string Declaration(string swin) =>
        $"[{swin}, DeepPrompt(Tokens = 2), LinearHead(Classes = 10)] public sealed partial class Flowers;";

    private static void Reports(string swin, string id, string message) => DiagnosticAssert.Reports(Declaration(swin), id, message);
}
