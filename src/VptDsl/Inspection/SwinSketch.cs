using System.Collections.Immutable;
using VptDsl.Programs;

namespace VptDsl.Inspection;

/// <summary>The sizes of a Swin transformer, as the shapes of a checkpoint's tensors tell them.</summary>
/// <param name="Width">The width of a token in the first stage; it doubles with each.</param>
/// <param name="Depths">Blocks of each stage.</param>
/// <param name="Heads">Attention heads of each stage.</param>
/// <param name="Patch">Height and width of a patch in pixels.</param>
/// <param name="Window">Tokens on a side of a window.</param>
/// <param name="Image">Height and width of an image in pixels.</param>
/// <param name="ImageIsGuessed">
/// Whether that is the usual size, the least with a whole window in the last stage, because the file does not say.
/// </param>
/// <param name="Channels">Colour channels of an image.</param>
public sealed record SwinSketch(
    int Width, ImmutableArray<int> Depths, ImmutableArray<int> Heads, int Patch, int Window, int Image, bool ImageIsGuessed, int Channels)
    : BackboneSketch
{
    // More is no Swin transformer's either.
    private const int MostStages = 8, MostSide = 1 << 10;

    /// <inheritdoc/>
    public override string Attribute
    {
        get
        {
            IEnumerable<string> sizes = Preset<SwinSize>(IsOf) is { } size
                ? [$"{nameof(SwinSize)}.{size}"]
                : [$"Width = {Width}", Argument("Depths", Depths), Argument("Heads", Heads)];
            var usual = new SwinAttribute();
            return Declare(
                "Swin",
                [
                    .. sizes,
                    Argument("Patch", Patch, usual.Patch),
                    Argument("Image", Image, usual.Image),
                    Argument("Window", Window, usual.Window),
                    Argument("Channels", Channels, usual.Channels),
                ]);
        }
    }

    /// <inheritdoc/>
    public override string? Guessed => ImageIsGuessed ? ImageSize : null;

    internal static SwinSketch Marked { get; } =
        new(Width: 22, Depths: [1, 1], Heads: [1, 2], Patch: 7, Window: 3, Image: 42, ImageIsGuessed: false, Channels: 5);

    internal static SwinSketch? Read(StoredShapes shapes)
    {
        if (shapes.Find(
            "patch_embed.proj.weight") is not [<= MostWidth and var width, var channels, <= MostSide and var patch, var patchWidth]
            || patch != patchWidth)
        {
            return null;
        }

        var depths = ImmutableArray.CreateBuilder<int>();
        var heads = ImmutableArray.CreateBuilder<int>();
        var windows = new List<int>();
        while (shapes.Find(Table(depths.Count), Table(0)) is [var places, var stageHeads] && depths.Count < MostStages)
        {
            int side = (int)Math.Sqrt(places);
            if (side * side != places || side % 2 == 0 || side >= 2 * MostSide)
                return null;
            windows.Add((side + 1) / 2);
            heads.Add(stageHeads);
            string stage = $"layers.{depths.Count}";
            depths.Add(shapes.Count(block => $"{stage}.blocks.{block}.norm1.weight", "layers.0.blocks.0.norm1.weight"));
        }

        if (depths.Count == 0)
            return null;

        // A stage whose grid is smaller than a window has one window, of the grid's size.
        int window = windows.Max(), small = windows.FindIndex(w => w < window);
        int image = small < 0 ? patch * window << (windows.Count - 1) : patch * windows[small] << small;
        return new(width, depths.ToImmutable(), heads.ToImmutable(), patch, window, image, small < 0, channels);

        static string Table(int stage) => $"layers.{stage}.blocks.0.attn.relative_position_bias_table";
    }

    /// <inheritdoc/>
    internal override BackboneTraits Traits => new([], Epsilon: 1e-5, Activation: "gelu");

    internal override IEnumerable<(string Name, int[] Shape)> Shapes() =>
    [
        .. Affine("patch_embed.proj", Width, Channels, Patch, Patch),
        .. Affine("patch_embed.norm", Width),
        .. Enumerable.Range(0, Depths.Length).SelectMany(Stage),
        .. Affine("norm", Width << (Depths.Length - 1)),
    ];

    private IEnumerable<(string Name, int[] Shape)> Stage(int stage)
    {
        int width = Width << stage;
        IEnumerable<(string, int[])> blocks =
            Enumerable.Range(0, Depths[stage]).SelectMany(block => Block($"layers.{stage}.blocks.{block}", width, stage));
        return stage == Depths.Length - 1
            ? blocks
            :
            [
                .. blocks,
                ($"layers.{stage}.downsample.reduction.weight", [2 * width, 4 * width]),
                .. Affine($"layers.{stage}.downsample.norm", 4 * width),
            ];
    }

    private IEnumerable<(string Name, int[] Shape)> Block(string name, int width, int stage) =>
    [
        .. Affine($"{name}.norm1", width),
        ($"{name}.attn.relative_position_bias_table", [Places(stage), Heads[stage]]),
        .. Affine($"{name}.attn.qkv", 3 * width, width),
        .. Affine($"{name}.attn.proj", width, width),
        .. Affine($"{name}.norm2", width),
        .. Affine($"{name}.mlp.fc1", 4 * width, width),
        .. Affine($"{name}.mlp.fc2", width, 4 * width),
    ];

    /// <summary>Relative positions of two tokens in a stage's windows.</summary>
    private int Places(int stage)
    {
        int side = (2 * Math.Min(Window, Image / Patch >> stage)) - 1;
        return side * side;
    }

    private bool IsOf(SwinSize size)
    {
        var preset = new SwinAttribute(size);
        return (preset.Width, preset.Depths, preset.Heads) == (Width, List(Depths), List(Heads));
    }
}
