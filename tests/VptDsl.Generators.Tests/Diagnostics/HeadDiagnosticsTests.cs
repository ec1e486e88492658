using VptDsl.Generators.Tests.Harness;

namespace VptDsl.Generators.Tests.Diagnostics;

/// <summary>Protects users from heads that have nothing to tell apart.</summary>
public sealed class HeadDiagnosticsTests
{
    [Theory]
    [InlineData("LinearHead(Classes = [|1|])", "1")]
    [InlineData("LinearHead(Classes = [|0|])", "0")]
    [InlineData("LinearHead(Classes = [|-5|])", "-5")]
    [InlineData("MlpHead(Classes = [|1|])", "1")]
    [InlineData("[|SegmentationHead|]", "not stated")]
    [InlineData("[|SegmentationHead(Width = 8)|]", "not stated")]
    public void VPT017_too_few_classes(string head, string stated) =>
        Reports(
            head,
            "VPT017",
            $"Classes is {stated}, but there is something to learn only from 2 classes on: write how many your data have, "
                + "for instance Classes = 10");

    [Theory]
    [InlineData(0)]
    [InlineData(-2)]
    public void VPT009_no_layers(int layers) =>
        Reports(
            $"MlpHead(Classes = 10, Layers = [|{layers}|])",
            "VPT009",
            $"Layers is {layers}, but a size is at least 1: write a positive number, or leave Layers out to get its default");

    [Fact]
    public void VPT018_layers_are_too_many() =>
        Reports(
            "MlpHead(Classes = 10, Layers = [|1001|])",
            "VPT018",
            "The declaration asks for 1,001 layers, but at most 1,000 are possible: make Layers smaller");

    [Fact]
    public void VPT018_classes_are_too_many() =>
        Reports(
            "LinearHead(Classes = [|20_000_000|])",
            "VPT018",
            "The declaration asks for 3,865,524,416 parameters with the head, but at most 2,147,483,647 are possible: use fewer Classes");

    [Fact]
    public void Two_classes_are_accepted() =>
        DiagnosticAssert.ReportsNothing("[Vit(VitSize.Tiny), LinearHead(Classes = 2)] public sealed partial class Flowers;");

    private static void Reports(string head, string id, string message) =>
        DiagnosticAssert.Reports($"[Vit(VitSize.Tiny), {head}] public sealed partial class Flowers;", id, message);
}
