using VptDsl.Generators.Tests.Harness;

namespace VptDsl.Generators.Tests.Diagnostics;

/// <summary>Protects users from prompts that would not enter any layer, or not the ones they meant.</summary>
public sealed class PromptDiagnosticsTests
{
    [Theory]
    [InlineData("ShallowPrompt(Tokens = [|-1|])", -1)]
    [InlineData("DeepPrompt(Tokens = [|-3|], Layers = \"1\")", -3)]
    public void VPT013_negative_number_of_prompts(string prompt, int tokens) =>
        Reports(
            prompt,
            "VPT013",
            $"Tokens is {tokens}, but a number of prompts is not negative: write a positive number, or 0 for a linear probe");

    [Theory]
    [InlineData("", "it names no layer")]
    [InlineData("  ", "it names no layer")]
    [InlineData("3-5", "'3-5' is neither a layer nor a range")]
    [InlineData("1, two, 3", "'two' is neither a layer nor a range")]
    [InlineData("1,,3", "a layer is missing beside a comma")]
    [InlineData("1,", "a layer is missing beside a comma")]
    [InlineData("-1", "'-1' is neither a layer nor a range")]
    [InlineData("1..2..3", "'1..2..3' is neither a layer nor a range")]
    [InlineData("^", "'^' is neither a layer nor a range")]
    [InlineData("all", "'all' is neither a layer nor a range")]
    public void VPT014_layers_cannot_be_read(string layers, string complaint) =>
        Reports(
            $"DeepPrompt(Layers = [|\"{layers}\"|])",
            "VPT014",
            $"Layers = \"{layers}\" cannot be read, {complaint}: write indexes and ranges with commas between them, "
                + "for instance \"0,2,5\", \"3..11\" or \"^6..\"");

    [Theory]
    [InlineData("12", "12")]
    [InlineData("3..12", "3..12")]
    [InlineData("0, 5 , 99999999999", "99999999999")]
    [InlineData("^13..", "^13..")]
    [InlineData("^0", "^0")]
    [InlineData("..^0", "..^0")]
    public void VPT015_layer_is_outside_the_backbone(string layers, string term) =>
        Reports(
            $"DeepPrompt(Layers = [|\"{layers}\"|])",
            "VPT015",
            $"'{term}' lies outside the backbone, which has 12 layers: write layers from 0 to 11, or from ^12 to ^1");

    [Theory]
    [InlineData("5..3", 5, 3)]
    [InlineData("^1..0", 11, 0)]
    [InlineData("8..^6", 8, 6)]
    public void VPT016_range_is_empty(string layers, int first, int last) =>
        Reports(
            $"DeepPrompt(Layers = [|\"{layers}\"|])",
            "VPT016",
            $"'{layers}' is empty, because it starts at layer {first} and ends at layer {last}: write the lower layer first");

    [Theory]
    [InlineData("[|20_000_000|]", "3,845,524,416 parameters with the prompts, but at most 2,147,483,647 are possible: use fewer Tokens")]
    [InlineData(
        "[|3_000_000|]", "2,304,151,296 activations of one image in a layer, but at most 2,147,483,647 are possible: use fewer Tokens")]
    public void VPT018_prompts_are_too_many(string tokens, string complaint) =>
        Reports($"ShallowPrompt(Tokens = {tokens})", "VPT018", "The declaration asks for " + complaint);

    [Fact]
    public void VPT018_outputs_of_prompts_in_every_window_are_too_many() => DiagnosticAssert.Reports(
        "[Swin(SwinSize.Base, Image = 1792), ShallowPrompt(Tokens = [|6_000|]), LinearHead(Classes = 10)] partial class Flowers;",
        "VPT018",
        "The declaration asks for 3,145,728,000 activations of one image in a layer, but at most 2,147,483,647 are possible: "
            + "use fewer Tokens");

    [Fact]
    public void VPT018_learned_channels_are_too_many() => Reports(
        "ChannelPrompt(Channels = [|50_000|])",
        "VPT018",
        "The declaration asks for 4,971,924,416 parameters with the prompts, but at most 2,147,483,647 are possible: use fewer Channels");

    [Fact]
    public void VPT019_flow_does_not_exist() =>
        Reports(
            "DeepPrompt(After = [|(PromptFlow)2|])",
            "VPT019",
            "PromptFlow has no value 2: write PromptFlow.Carry or PromptFlow.Drop");

    [Fact]
    public void Layers_are_read_even_where_the_depth_is_unknown() =>
        DiagnosticAssert.ReportsAll(
            """
            [Vit(VitSize.Tiny, Layers = [|0|]), DeepPrompt(Layers = [|"3-5"|]), LinearHead(Classes = 10)]
            public sealed partial class Flowers;
            """,
            "VPT009",
            "VPT014");

    [Theory]
    [InlineData("ShallowPrompt")]
    [InlineData("ShallowPrompt(Tokens = 1)")]
    [InlineData("ShallowPrompt(Tokens = 0)")]
    [InlineData("DeepPrompt(Layers = null)")]
    [InlineData("DeepPrompt(Layers = \"0,0..2,^1\", After = PromptFlow.Drop)")]
    public void Prompts_that_fit_are_accepted(string prompt) =>
        DiagnosticAssert.ReportsNothing($"[Vit(VitSize.Tiny), {prompt}, LinearHead(Classes = 10)] public sealed partial class Flowers;");

    private static void Reports(string prompt, string id, string message) =>
        DiagnosticAssert.Reports(
            $"[Vit(VitSize.Tiny), {prompt}, LinearHead(Classes = 10)] public sealed partial class Flowers;", id, message);
}
