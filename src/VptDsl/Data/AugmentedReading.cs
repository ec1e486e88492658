namespace VptDsl.Data;

/// <summary>Reads a set that may have images changed by chance, or not: what a set that hands on another's images does with it.</summary>
internal static class AugmentedReading
{
    /// <summary>Whether chance has any part in a set's images.</summary>
    public static bool IsAugmented(this IImageSource source) => source is IAugmentedSource { IsAugmented: true };

    /// <summary>Writes an image changed by chance; as it is where the set knows no chance.</summary>
    public static void CopyByChance(this IImageSource source, int index, Span<float> destination, ref RandomStream random)
    {
        if (source is IAugmentedSource augmented)
            augmented.CopyAugmented(index, destination, ref random);
        else
            source.CopyImage(index, destination);
    }

    /// <summary>The same with its labels, which chance may change alike.</summary>
    public static void CopyByChance(
        this IImageSource source, int index, Span<float> destination, Span<int> labels, ref RandomStream random)
    {
        if (source is IAugmentedSource augmented)
        {
            augmented.CopyAugmented(index, destination, labels, ref random);
            return;
        }

        source.CopyImage(index, destination);
        source.CopyLabels(index, labels);
    }
}
