using VptDsl.Generators.Tests.Harness;

namespace VptDsl.Generators.Tests.Diagnostics;

/// <summary>Protects users from protocols and ablations that mean nothing on their backbone.</summary>
public sealed class ProtocolDiagnosticsTests
{
    private const string Vit = "Vit(VitSize.Base)", Swin = "Swin(SwinSize.Base)", ConvNeXt = "ConvNeXt(ConvNeXtSize.Base)";

    [Theory]
    [InlineData(Swin, "TrainClassToken", "TrainClassToken")]
    [InlineData(ConvNeXt, "TrainClassToken", "TrainClassToken")]
    [InlineData("ResNet(ResNetSize.Layers50)", "TrainClassToken", "TrainClassToken")]
    [InlineData(Swin, "Adapter", "Adapter")]
    [InlineData(ConvNeXt, "Adapter(Reduction = 4)", "Adapter")]
    public void VPT022_nothing_of_that_kind(string backbone, string attribute, string name)
    {
        GeneratorRun run =
            GeneratorHarness.Run($"using VptDsl; [{backbone}, {attribute}, LinearHead(Classes = 10)] public sealed partial class Flowers;");

        Microsoft.CodeAnalysis.Diagnostic diagnostic = Assert.Single(run.Diagnostics);
        Assert.Equal("VPT022", diagnostic.Id);
        Assert.Contains($"[{name}]", diagnostic.GetMessage(System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("DeepPrompt(Tokens = 0), ")]
    [InlineData("DeepPrompt(Layers = \"..5\", After = PromptFlow.Drop), ")]
    [InlineData("AddedPrompt, ")]
    public void VPT023_no_prompts_to_pool(string prompts) =>
        ReportsId("VPT023", "Vit(VitSize.Base, Pool = [|TokenPool.Prompts|])", prompts);

    [Theory]
    [InlineData(6, 1)]
    [InlineData(9, 3)]
    public void VPT024_a_width_without_sines_and_cosines(int width, int heads) => ReportsId(
        "VPT024", $"Vit(Width = {width}, Layers = 1, Heads = {heads}, Image = 32, Positions = [|PositionEmbedding.SineCosine|])", "");

    [Theory]
    [InlineData("0", "0")]
    [InlineData("-1e-6", "-1E-06")]
    [InlineData("1", "1")]
    [InlineData("double.NaN", "NaN")]
    public void VPT034_an_epsilon_out_of_range(string written, string shown) => DiagnosticAssert.Reports(
        $"[Vit(VitSize.Base, Epsilon = [|{written}|]), LinearHead(Classes = 10)] public sealed partial class Flowers;", "VPT034",
        $"Normalisations cannot add {shown} to a variance: write a number above 0 and below 1, for instance 1e-6");

    [Theory]
    [InlineData(769)]
    [InlineData(10_000)]
    public void VPT025_nothing_left_of_the_adapter(int reduction) => ReportsId("VPT025", Vit, $"Adapter(Reduction = [|{reduction}|]), ");

    [Fact]
    public void The_narrowest_adapter_is_accepted() =>
        DiagnosticAssert.ReportsNothing(
            $"[{Vit}, Adapter(Reduction = 768), LinearHead(Classes = 10)] public sealed partial class Flowers;");

    [Fact]
    public void Side_networks_have_a_width_and_patches_that_fill_the_image()
    {
        ReportsId("VPT009", Vit, "SideNetwork(Width = [|0|]), ");
        ReportsId("VPT009", Swin, "SideNetwork(Patch = [|-4|]), ");
        ReportsId("VPT011", ConvNeXt, "SideNetwork(Patch = [|15|]), ");
    }

    [Theory]
    [InlineData(Vit)]
    [InlineData(Swin)]
    [InlineData(ConvNeXt)]
    [InlineData("ResNet(ResNetSize.Layers50)")]
    public void Side_networks_stand_beside_any_backbone(string backbone) =>
        DiagnosticAssert.ReportsNothing($"[{backbone}, SideNetwork, LinearHead(Classes = 10)] public sealed partial class Flowers;");

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    public void VPT026_a_padded_image_not_divisible(int pixels) => ReportsId("VPT026", Vit, $"PadPrompt(Pixels = [|{pixels}|]), ");

    [Fact]
    public void VPT026_a_padded_image_without_whole_windows() => DiagnosticAssert.Reports(
        "[Swin(SwinSize.Tiny), PadPrompt(Pixels = [|16|]), LinearHead(Classes = 10)] public sealed partial class Flowers;",
        "VPT026",
        "With its border an image has 256 pixels, which cannot be cut into patches of 4 and windows of 7 in each of 4 stages: "
            + "use Pixels = 112 or Pixels = 224");

    [Theory]
    [InlineData("1.0", "1")]
    [InlineData("-0.1", "-0.1")]
    [InlineData("double.NaN", "NaN")]
    [InlineData("0.99999999", "0.99999999")]
    public void VPT027_what_is_dropped_is_no_share(string written, string shown)
    {
        string message = $"A dropout of {shown} is no share of what there is: write a number from 0 up to, not including, 1";
        DiagnosticAssert.Reports(
            $"[{Vit}, DeepPrompt(Dropout = [|{written}|]), LinearHead(Classes = 10)] public sealed partial class Flowers;", "VPT027",
            message);
        DiagnosticAssert.Reports(
            $"[{Vit}, MlpHead(Classes = 10, Dropout = [|{written}|])] public sealed partial class Flowers;", "VPT027", message);
    }

    [Fact]
    public void VPT028_no_class_token_to_start_from()
    {
        ReportsId("VPT028", Swin, "DeepPrompt(Draw = [|PromptDraw.ClassToken|]), ");
        ReportsId("VPT028", Vit, "ShallowPrompt(Projection = 8, Draw = [|PromptDraw.ClassToken|]), ");
        DiagnosticAssert.ReportsNothing(
            $"[{Vit}, DeepPrompt(Draw = PromptDraw.ClassToken), LinearHead(Classes = 10)] public sealed partial class Flowers;");
    }

    /// <summary>The diagnostic at the marked place; its words have tests of their own with the page.</summary>
    private static void ReportsId(string id, string backbone, string attributes)
    {
        string marked = $"[{backbone}, {attributes}LinearHead(Classes = 10)] public sealed partial class Flowers;";
        string plain = marked.Replace("[|", "", StringComparison.Ordinal).Replace("|]", "", StringComparison.Ordinal);
        int start = marked.IndexOf("[|", StringComparison.Ordinal), length = marked.IndexOf("|]", StringComparison.Ordinal) - start - 2;
        const string usings = "using VptDsl; ";

        Microsoft.CodeAnalysis.Diagnostic diagnostic = Assert.Single(GeneratorHarness.Run(usings + plain).Diagnostics);

        Assert.Equal(id, diagnostic.Id);
        Assert.Equal(new(usings.Length + start, length), diagnostic.Location.SourceSpan);
    }
}
