using VptDsl.Weights.Dialects;
using VptDsl.Weights.Positions;

namespace VptDsl.Weights.Inspection;

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
    int Width, int Layers, int? Heads, bool HeadsAreGuessed, int Mlp, int Patch, int Image, int Channels)
{
    private const int UsualHeadWidth = 64;

    /// <summary>The attribute that declares it.</summary>
    public string Attribute
    {
        get
        {
            var preset = Presets.FirstOrDefault(preset => (preset.Width, preset.Layers, preset.Heads) == (Width, Layers, Heads));
            string size = preset.Attribute is null
                ? $"Width = {Width}, Layers = {Layers}, Heads = {Heads?.ToString() ?? "?"}"
                : $"{nameof(VitSize)}.{preset.Size}";
            string mlp = Mlp == 4 * (long)Width ? "" : $", Mlp = {Mlp}";
            string channels = Channels == 3 ? "" : $", Channels = {Channels}";
            return $"[Vit({size}{mlp}, Patch = {Patch}, Image = {Image}{channels})]";
        }
    }

    private static IEnumerable<(VitSize Size, VitAttribute? Attribute, int Width, int Layers, int Heads)> Presets =>
        from size in Enum.GetValues<VitSize>()
        let vit = new VitAttribute(size)
        select (size, vit, vit.Width, vit.Layers, vit.Heads);

    /// <summary>Reads the sizes off a file's shapes; null if a shape is missing or is no vision transformer's.</summary>
    internal static VitSketch? Read(IWeightSource source, IWeightDialect dialect)
    {
        var shapes = new StoredShapes(source, dialect);
        if (shapes.Find("patch_embed.proj.weight") is not [var width, var channels, var patch, var patchWidth]
            || patch != patchWidth
            || shapes.Find("pos_embed") is not [.., var rows, _]
            || PositionGrid.Side(rows) is not { } grid
            || (long)grid * patch > int.MaxValue
            || shapes.Find("blocks.0.mlp.fc1.bias") is not [var mlp])
        {
            return null;
        }

        int layers = 0;
        while (shapes.Find($"blocks.{layers}.norm1.weight") is not null)
        {
            layers++;
        }

        int? stated = shapes.FindHeads();
        return new VitSketch(width, layers, stated ?? UsualHeads(width), stated is null, mlp, patch, grid * patch, channels);
    }

    private static int? UsualHeads(int width)
    {
        int preset = Presets.FirstOrDefault(preset => preset.Width == width).Heads;
        return preset > 0 ? preset : width % UsualHeadWidth == 0 ? width / UsualHeadWidth : null;
    }
}
