using System.Globalization;
using VptDsl.Programs;
using VptDsl.Weights;
using VptDsl.Weights.Positions;

namespace VptDsl.Inspection;

/// <summary>The sizes of a vision transformer, as the shapes of a checkpoint's tensors tell them.</summary>
/// <param name="Width">The width of a token.</param>
/// <param name="Layers">The number of blocks.</param>
/// <param name="Heads">The number of attention heads; null if nothing tells.</param>
/// <param name="HeadsAreGuessed">Whether the heads are the usual ones of this width, because the file does not say.</param>
/// <param name="Mlp">The hidden width of each block's MLP.</param>
/// <param name="Patch">Height and width of a patch in pixels.</param>
/// <param name="Image">Height and width of an image in pixels.</param>
/// <param name="Channels">Colour channels of an image.</param>
public sealed record VitSketch(
    int Width, int Layers, int? Heads, bool HeadsAreGuessed, int Mlp, int Patch, int Image, int Channels) : BackboneSketch
{
    private const int UsualHeadWidth = 64;

    private const string Norm = "norm", NormOfThePool = "fc_norm";

    /// <summary>Where the final normalisation stands: fine-tuned masked autoencoders have one of the pooled tokens alone.</summary>
    public FinalNorm FinalNorm { get; init; }

    /// <inheritdoc/>
    public override string Attribute
    {
        get
        {
            var preset = Presets.FirstOrDefault(preset => (preset.Width, preset.Layers, preset.Heads) == (Width, Layers, Heads));
            string size = preset.Attribute is null
                ? $"Width = {Width}, Layers = {Layers}, Heads = {Heads?.ToString(CultureInfo.InvariantCulture) ?? "?"}"
                : $"{nameof(VitSize)}.{preset.Size}";
            string mlp = Mlp == VitAttribute.MlpRatio * (long)Width ? "" : $"Mlp = {Mlp}";
            string pool = FinalNorm == FinalNorm.BeforePool
                ? ""
                : $"Pool = {nameof(TokenPool)}.{TokenPool.AllButClass}, FinalNorm = {nameof(FinalNorm)}.{FinalNorm.AfterPool}";
            return Declare("Vit", size, mlp, $"Patch = {Patch}", $"Image = {Image}", Argument("Channels", Channels, usual: 3), pool);
        }
    }

    /// <inheritdoc/>
    public override string? Guessed => HeadsAreGuessed ? "the number of heads" : null;

    internal override int? HeadsInTensors => HeadsAreGuessed ? null : Heads;

    internal override string? Problem =>
        Heads is { } heads && Width % heads != 0 ? FormattableString.Invariant($"{heads} heads do not divide the width {Width}") : null;

    internal override BackboneSketch Completed(CheckpointFacts facts) =>
        facts.Heads is { } said && int.TryParse(said.Value, NumberStyles.None, CultureInfo.InvariantCulture, out int heads)
            ? this with { Heads = heads, HeadsAreGuessed = false }
            : this;

    // No two axes that matter have the same length.
    internal static VitSketch Marked { get; } =
        new(Width: 11, Layers: 1, Heads: null, HeadsAreGuessed: false, Mlp: 13, Patch: 7, Image: 14, Channels: 5);

    private static IEnumerable<(VitSize Size, VitAttribute? Attribute, int Width, int Layers, int Heads)> Presets =>
        from size in Enum.GetValues<VitSize>()
        let vit = new VitAttribute(size)
        select (size, vit, vit.Width, vit.Layers, vit.Heads);

    internal static VitSketch? Read(StoredShapes shapes)
    {
        if (shapes.Find("patch_embed.proj.weight") is not [var width, var channels, var patch, var patchWidth]
            || patch != patchWidth
            || shapes.Find("pos_embed") is not [.., var rows, _]
            || PositionGrid.Side(rows) is not { } grid
            || (long)grid * patch > int.MaxValue
            || shapes.Find("blocks.0.mlp.fc1.bias") is not [var mlp])
        {
            return null;
        }

        int layers = shapes.Count(block => $"blocks.{block}.norm1.weight", "blocks.0.norm1.weight");
        int? stated = shapes.FindHeads("blocks.0.attn.qkv.bias");
        bool isOfPool = shapes.Find(Norm + ".weight") is null && shapes.Find(NormOfThePool + ".weight", Norm + ".weight") is not null;
        return new VitSketch(width, layers, stated ?? UsualHeads(width), stated is null, mlp, patch, grid * patch, channels)
        {
            FinalNorm = isOfPool ? FinalNorm.AfterPool : FinalNorm.BeforePool,
        };
    }

    internal override IEnumerable<(string Name, int[] Shape)> Shapes()
    {
        int grid = Image / Patch;
        return
        [
            ("cls_token", [1, 1, Width]),
            ("pos_embed", [1, TokenLayout.PrefixTokens + (grid * grid), Width]),
            .. Affine("patch_embed.proj", Width, Channels, Patch, Patch),
            .. Affine(FinalNorm == FinalNorm.AfterPool ? NormOfThePool : Norm, Width),
            .. Enumerable.Range(0, Layers).SelectMany(block => Block($"blocks.{block}")),
        ];
    }

    private IEnumerable<(string Name, int[] Shape)> Block(string name) =>
    [
        .. Affine($"{name}.norm1", Width),
        .. Affine($"{name}.attn.qkv", 3 * Width, Width),
        .. Affine($"{name}.attn.proj", Width, Width),
        .. Affine($"{name}.norm2", Width),
        .. Affine($"{name}.mlp.fc1", Mlp, Width),
        .. Affine($"{name}.mlp.fc2", Width, Mlp),
    ];

    private static int? UsualHeads(int width)
    {
        int preset = Presets.FirstOrDefault(preset => preset.Width == width).Heads;
        return preset > 0 ? preset : width % UsualHeadWidth == 0 ? width / UsualHeadWidth : null;
    }
}
