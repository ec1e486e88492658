using VptDsl.Inspection;
using VptDsl.Weights;

namespace VptDsl.Tests.Tool;

/// <summary>A declaration of which a part is only usual is said to be one: where that part is another, every result is wrong.</summary>
public sealed class VptInspectTests(VptFixture fixture) : IClassFixture<VptFixture>
{
    private static readonly VitSketch _dinoV3 = new(48, 1, null, HeadsAreGuessed: true, Mlp: 64, Patch: 8, Image: 128, Channels: 3)
    {
        Registers = 4,
        Positions = PositionEmbedding.None,
        Rotary = RotaryEmbedding.Halves,
        LayerScale = true,
        Epsilon = 1e-5,
    };

    [Fact]
    public void An_image_size_that_is_usual_is_said_to_be_where_heads_are_not_known_either()
    {
        string output = Inspect(_dinoV3);

        Assert.Contains("Heads = ?, Mlp = 64, Patch = 8, Image = 128", output, StringComparison.Ordinal);
        Assert.Contains(
            "(the file does not tell the number of heads and the image's size; what stands there is usual, but for the ?)",
            output,
            StringComparison.Ordinal);
        Assert.Contains("only one is right", output, StringComparison.Ordinal);
    }

    [Fact]
    public void So_it_is_where_they_are_usual()
    {
        string output = Inspect(_dinoV3 with { Width = 64, Heads = 1 });

        Assert.Contains(
            "(the file does not tell the number of heads and the image's size; what stands there is usual)",
            output,
            StringComparison.Ordinal);
    }

    private string Inspect(VitSketch sketch)
    {
        string path = fixture.Path("sketch.safetensors");
        SafetensorsWriter.Write(path, sketch.Parameters().Select(p => new TensorToWrite(p.Name, p.Shape, new float[p.Count])));
        (int exitCode, string output, string errors) = VptProcess.Run(["inspect", path]);
        Assert.Equal((0, ""), (exitCode, errors));
        return output;
    }
}
