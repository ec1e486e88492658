using VptDsl.Generators.Tests.Harness;

namespace VptDsl.Generators.Tests.Diagnostics;

/// <summary>Protects users from attributes that train nothing, or nothing more.</summary>
public sealed class TrainedDiagnosticsTests
{
    [Theory]
    [InlineData("TrainLastLayers(2)", "TrainLastLayers")]
    [InlineData("TrainBiases", "TrainBiases")]
    [InlineData("TrainClassToken", "TrainClassToken")]
    public void VPT020_trained_already(string attribute, string name) =>
        Reports(
            $"[TrainEverything] [[|{attribute}|]]",
            "VPT020",
            $"[{name}] adds nothing, because [TrainEverything] trains all parameters: remove one of the two");

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(13)]
    public void VPT021_last_layers_outside_the_depth(int count) =>
        Reports(
            $"[TrainLastLayers([|{count}|])]",
            "VPT021",
            $"[TrainLastLayers({count})] does not fit a backbone of 12 layers: write a number from 1 to 12");

    private static void Reports(string trained, string id, string message) =>
        DiagnosticAssert.Reports(
            $$"""
            [Vit(VitSize.Base)]
            {{trained}}
            [LinearHead(Classes = 10)]
            public sealed partial class FlowerTuner;
            """,
            id,
            message);
}
