using System.Collections.Immutable;
using VptDsl.Programs;

namespace VptDsl.Inspection;

/// <summary>The sizes of a residual network, as the shapes of a checkpoint's tensors tell them.</summary>
/// <param name="Stem">Channels of the first convolution.</param>
/// <param name="Depths">Blocks of each stage.</param>
/// <param name="Widths">Channels inside the blocks of each stage.</param>
/// <param name="Expansion">How many times as wide a block's end is; blocks of 1 are two convolutions.</param>
/// <param name="Channels">Colour channels of an image.</param>
public sealed record ResNetSketch(int Stem, ImmutableArray<int> Depths, ImmutableArray<int> Widths, int Expansion, int Channels)
    : BackboneSketch
{
    private const int Stages = 4;

    private static readonly string[] Statistics = ["weight", "bias", "running_mean", "running_var"];

    /// <inheritdoc/>
    public override string Attribute
    {
        get
        {
            var usual = new ResNetAttribute();
            IEnumerable<string> sizes = Preset<ResNetSize>(IsOf) is { } size
                ? [$"{nameof(ResNetSize)}.{size}"]
                : [Argument("Depths", Depths), Argument("Widths", Widths), Argument("Expansion", Expansion, usual.Expansion)];
            return Declare("ResNet", [.. sizes, Argument("Stem", Stem, usual.Stem), Argument("Channels", Channels, usual.Channels)]);
        }
    }

    /// <inheritdoc/>
    public override string? Guessed => ImageSize;

    internal static ResNetSketch Marked { get; } = new(Stem: 11, Depths: [1, 1, 1, 1], Widths: [13, 17, 19, 23], Expansion: 2, Channels: 5);

    internal static ResNetSketch? Read(StoredShapes shapes)
    {
        if (shapes.Find("conv1.weight") is not [<= MostWidth and var stem, var channels, _, _])
            return null;
        var depths = ImmutableArray.CreateBuilder<int>();
        var widths = ImmutableArray.CreateBuilder<int>();
        for (int stage = 1; stage <= Stages; stage++)
        {
            if (shapes.Find($"layer{stage}.0.conv1.weight") is not [<= MostWidth and var width, ..])
                return null;
            widths.Add(width);
            int number = stage;
            depths.Add(shapes.Count(block => $"layer{number}.{block}.conv1.weight", "layer1.0.conv1.weight"));
        }

        int expansion = shapes.Find("layer1.0.conv3.weight") is [<= MostWidth and var end, ..] ? end / widths[0] : 1;
        return new(stem, depths.ToImmutable(), widths.ToImmutable(), expansion, channels);
    }

    /// <inheritdoc/>
    internal override BackboneTraits Traits => new([], Epsilon: 1e-5, Activation: "relu");

    internal override IEnumerable<(string Name, int[] Shape)> Shapes()
    {
        List<(string, int[])> shapes = [("conv1.weight", [Stem, Channels, 7, 7]), .. Norm("bn1", Stem)];
        int inputs = Stem;
        for (int stage = 0; stage < Stages; stage++)
        {
            for (int block = 0; block < Depths[stage]; block++)
            {
                shapes.AddRange(Block($"layer{stage + 1}.{block}", inputs, Widths[stage], halves: stage > 0 && block == 0));
                inputs = Widths[stage] * Expansion;
            }
        }

        return shapes;
    }

    private IEnumerable<(string Name, int[] Shape)> Block(string name, int inputs, int width, bool halves)
    {
        int outputs = width * Expansion;
        IEnumerable<(string, int[])> convolutions = Expansion == 1
            ?
            [
                .. Convolution($"{name}.conv1", $"{name}.bn1", width, inputs, 3),
                .. Convolution($"{name}.conv2", $"{name}.bn2", width, width, 3),
            ]
            :
            [
                .. Convolution($"{name}.conv1", $"{name}.bn1", width, inputs, 1),
                .. Convolution($"{name}.conv2", $"{name}.bn2", width, width, 3),
                .. Convolution($"{name}.conv3", $"{name}.bn3", outputs, width, 1),
            ];
        return inputs == outputs && !halves
            ? convolutions
            : [.. convolutions, .. Convolution($"{name}.downsample.0", $"{name}.downsample.1", outputs, inputs, 1)];
    }

    private static IEnumerable<(string Name, int[] Shape)> Convolution(string name, string norm, int outputs, int inputs, int side) =>
        [($"{name}.weight", [outputs, inputs, side, side]), .. Norm(norm, outputs)];

    private static IEnumerable<(string Name, int[] Shape)> Norm(string name, int width) =>
        Statistics.Select(s => ($"{name}.{s}", new[] { width }));

    private bool IsOf(ResNetSize size)
    {
        var preset = new ResNetAttribute(size);
        return (preset.Depths, preset.Widths, preset.Expansion) == (List(Depths), List(Widths), Expansion);
    }
}
