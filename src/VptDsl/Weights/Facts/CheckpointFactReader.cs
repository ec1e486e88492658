using VptDsl.Weights.Dialects;

namespace VptDsl.Weights;

/// <summary>Collects what is said of a checkpoint, in the order in which it is believed.</summary>
internal static class CheckpointFactReader
{
    // Of github.com/facebookresearch/moco-v3, vits.py: other vision transformers of this width have 6.
    private const int MocoSmallWidth = 384, MocoSmallHeads = 12;

    /// <summary>What the file says of itself, what the files beside it say, and what its names and shapes tell.</summary>
    /// <param name="source">The file.</param>
    /// <param name="dialect">Whose names it has; null if they are nobody's.</param>
    /// <param name="heads">The attention heads that its shapes tell; null if they do not.</param>
    /// <exception cref="WeightFileException">One of them cannot be read.</exception>
    public static CheckpointFacts Read(IWeightSource source, IWeightDialect? dialect, int? heads)
    {
        CheckpointKind kind = dialect is null ? CheckpointKind.Other : CheckpointKinds.Of(source, dialect);
        var told = new CheckpointFacts
        {
            Normalization = kind.Normalization() is { } normalization ? new(normalization, $"its names are {kind.Title()}") : null,
            Heads = heads is { } number ? new(FactText.Of(number), "the tensors' shapes")
                : kind == CheckpointKind.MocoV3 && WidthOf(source) == MocoSmallWidth
                ? new(FactText.Of(MocoSmallHeads), $"its names are {kind.Title()}, whose ViT-Small has as many")
                : null,
        };
        CheckpointFacts own = source is SafetensorsFile file ? BackboneMetadata.Read(file) : new CheckpointFacts();
        return own.Or(ConfigurationFiles.Read(source)).Or(told);
    }

    private static long WidthOf(IWeightSource source)
    {
        TensorInfo? token = source.Tensors.FirstOrDefault(t => t.Name.EndsWith("base_encoder.cls_token", StringComparison.Ordinal));
        return token?.Shape is [.., var width] ? width : 0;
    }
}
