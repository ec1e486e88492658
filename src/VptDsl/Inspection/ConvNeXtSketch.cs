using System.Collections.Immutable;

namespace VptDsl.Inspection;

/// <summary>The sizes of a ConvNeXt, as the shapes of a checkpoint's tensors tell them.</summary>
/// <param name="Depths">Blocks of each stage.</param>
/// <param name="Widths">Channels of each stage.</param>
/// <param name="Channels">Colour channels of an image.</param>
public sealed record ConvNeXtSketch(ImmutableArray<int> Depths, ImmutableArray<int> Widths, int Channels) : BackboneSketch
{
    private const int Stages = 4;

    /// <inheritdoc/>
    public override string Attribute
    {
        get
        {
            IEnumerable<string> sizes = Preset<ConvNeXtSize>(IsOf) is { } size
                ? [$"{nameof(ConvNeXtSize)}.{size}"]
                : [Argument("Depths", Depths), Argument("Widths", Widths)];
            return Declare("ConvNeXt", [.. sizes, Argument("Channels", Channels, new ConvNeXtAttribute().Channels)]);
        }
    }

    /// <inheritdoc/>
    public override string? Guessed => ImageSize;

    internal static ConvNeXtSketch Marked { get; } = new(Depths: [1, 1, 1, 1], Widths: [11, 13, 17, 19], Channels: 5);

    internal static ConvNeXtSketch? Read(StoredShapes shapes)
    {
        if (shapes.Find("downsample_layers.0.0.weight") is not [_, var channels, _, _])
            return null;
        var depths = ImmutableArray.CreateBuilder<int>();
        var widths = ImmutableArray.CreateBuilder<int>();
        for (int stage = 0; stage < Stages; stage++)
        {
            if (shapes.Find($"stages.{stage}.0.norm.weight") is not [<= MostWidth and var width])
                return null;
            widths.Add(width);
            int number = stage;
            depths.Add(shapes.Count(block => $"stages.{number}.{block}.norm.weight", "stages.0.0.norm.weight"));
        }

        return new(depths.ToImmutable(), widths.ToImmutable(), channels);
    }

    internal override IEnumerable<(string Name, int[] Shape)> Shapes() =>
    [
        .. Affine("downsample_layers.0.0", Widths[0], Channels, 4, 4),
        .. Affine("downsample_layers.0.1", Widths[0]),
        .. Enumerable.Range(0, Stages).SelectMany(Stage),
        .. Affine("norm", Widths[^1]),
    ];

    private IEnumerable<(string Name, int[] Shape)> Stage(int stage)
    {
        int width = Widths[stage];
        IEnumerable<(string, int[])> blocks =
            Enumerable.Range(0, Depths[stage]).SelectMany(block => Block($"stages.{stage}.{block}", width));
        return stage == 0
            ? blocks
            :
            [
                .. Affine($"downsample_layers.{stage}.0", Widths[stage - 1]),
                .. Affine($"downsample_layers.{stage}.1", width, Widths[stage - 1], 2, 2),
                .. blocks,
            ];
    }

    private static IEnumerable<(string Name, int[] Shape)> Block(string name, int width) =>
    [
        ($"{name}.gamma", [width]),
        .. Affine($"{name}.dwconv", width, 1, 7, 7),
        .. Affine($"{name}.norm", width),
        .. Affine($"{name}.pwconv1", 4 * width, width),
        .. Affine($"{name}.pwconv2", width, 4 * width),
    ];

    private bool IsOf(ConvNeXtSize size)
    {
        var preset = new ConvNeXtAttribute(size);
        return (preset.Depths, preset.Widths) == (List(Depths), List(Widths));
    }
}
