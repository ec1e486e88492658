using VptDsl.Generators.Tests.Harness;

namespace VptDsl.Generators.Tests.Diagnostics;

/// <summary>
/// An error in a declaration stands alone: what uses the class compiles, and other errors of the declaration are said too.
/// </summary>
public sealed class PlaceholderTests
{
    private const string Use = """

        public static class Use
        {
            private const int Kinds = Flowers.Classes + Flowers.Channels + Flowers.ImageSize;

            public static long Of(Device device)
            {
                using Flowers flowers = Flowers.Load(device, "file.safetensors", seed: 1);
                Flowers.Load(device, "file.pth", entry: "teacher").Dispose();
                Flowers created = Flowers.Create(device);
                created.Predict("image.png");
                created.SaveTask("task");
                System.Console.WriteLine(Flowers.Explanation + Kinds / Flowers.Classes);
                return Flowers.StepBytes(8) + Flowers.InferenceBytes(8) + Flowers.ScratchBytes(8) + Flowers.TaskBytes + Flowers.FeatureBytes
                    + Flowers.TrainableParameters + Flowers.BackboneParameters;
            }
        }
        """;

    [Theory]
    [InlineData("Vit(VitSize.Tiny), DeepPrompt(Tokens = -1), LinearHead(Classes = 3)", "VPT013")]
    [InlineData("LinearHead(Classes = 3)", "VPT005")]
    [InlineData("Vit(VitSize.Tiny)", "VPT006")]
    [InlineData("Vit(VitSize.Tiny, Image = 100000), LinearHead(Classes = 3)", "VPT018")]
    [InlineData("Vit(VitSize.Tiny), LinearHead(Classes = Flowers.Channels)", "VPT030")]
    public void An_error_of_ours_stands_alone(string attributes, string id)
    {
        GeneratorRun run = GeneratorHarness.Run($"using VptDsl;\n[{attributes}] public sealed partial class Flowers;" + Use);
        Assert.Equal(id, Assert.Single(run.Diagnostics).Id);
        Assert.Empty(run.CompileErrors);
    }

    [Theory]
    [InlineData("Vit(VitSize.Tiny, Image = \"large\"), LinearHead(Classes = 3)", "CS0029")]
    [InlineData("Vit(VitSize.Tiny, Nonsense = 3), LinearHead(Classes = 3)", "CS0246")]
    [InlineData("Vit(VitSize.Tiny), LinearHead(Classes = Missing)", "CS0103")]
    [InlineData("Vit(VitSize.Enormous), LinearHead(Classes = 3)", "CS0117")]
    [InlineData("Vit(1, 2, 3), LinearHead(Classes = 3)", "CS1729")]
    public void An_error_of_CSharps_stands_alone(string attributes, string id)
    {
        GeneratorRun run = GeneratorHarness.Run($"using VptDsl;\n[{attributes}] public sealed partial class Flowers;" + Use);
        Assert.Empty(run.Diagnostics);
        Assert.Equal(id, Assert.Single(run.CompileErrors).Id);
    }

    [Fact]
    public void What_is_wrong_in_other_attributes_is_said_beside_an_error_of_CSharps()
    {
        GeneratorRun run = DiagnosticAssert.ReportsAll(
            "[Vit(VitSize.Tiny, Image = [|225|]), DeepPrompt(Tokens = \"many\"), LinearHead(Classes = [|1|])] public sealed partial class "
                + "Flowers;" + Use,
            "VPT011",
            "VPT017");
        Assert.Equal("CS0029", Assert.Single(run.CompileErrors).Id);
    }

    [Fact]
    public void A_model_for_segmentation_keeps_its_base_class()
    {
        GeneratorRun run = GeneratorHarness.Run("""
            using VptDsl;
            [Vit(VitSize.Tiny, Image = 225), SegmentationHead(Classes = 3)] public sealed partial class Streets;
            public static class Use { public static object Of(Device device) => Streets.Create(device).Segment("image.png"); }
            """);
        Assert.Equal("VPT011", Assert.Single(run.Diagnostics).Id);
        Assert.Empty(run.CompileErrors);
    }

    [Fact]
    public void A_class_that_cannot_be_completed_gets_nothing() =>
        Assert.Empty(GeneratorHarness.Run(
            "using VptDsl;\n[Vit(VitSize.Tiny), LinearHead(Classes = 3)] public static partial class Flowers;").Sources);
}
