using VptDsl.Weights.Dialects;

namespace VptDsl.Weights;

/// <summary>Collects what is said of a checkpoint, in the order in which it is believed.</summary>
internal static class CheckpointFactReader
{
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
            Heads = heads is { } number ? new(FactText.Of(number), "the tensors' shapes") : null,
        };
        CheckpointFacts own = source is SafetensorsFile file ? BackboneMetadata.Read(file) : new CheckpointFacts();
        return own.Or(ConfigurationFiles.Read(source)).Or(told);
    }
}
