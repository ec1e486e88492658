using VptDsl.Data;

namespace Pretrain;

/// <summary>Two sets as one: the classes of the second follow those of the first.</summary>
/// <param name="first">Characters.</param>
/// <param name="firstClasses">As many classes as the head keeps for them; those beyond the set's own stay without images.</param>
/// <param name="second">Clothes.</param>
internal sealed class Mixture(IAugmentedSource first, int firstClasses, IAugmentedSource second) : IAugmentedSource
{
    /// <inheritdoc/>
    public int Count => first.Count + second.Count;

    /// <inheritdoc/>
    public ImageShape Shape => first.Shape;

    /// <inheritdoc/>
    public IReadOnlyList<string> ClassNames { get; } =
    [
        .. first.ClassNames,
        .. Enumerable.Range(first.ClassNames.Count, firstClasses - first.ClassNames.Count).Select(label => $"unused {label}"),
        .. second.ClassNames,
    ];

    /// <inheritdoc/>
    public bool IsAugmented => first.IsAugmented || second.IsAugmented;

    /// <inheritdoc/>
    public int Label(int index) => index < first.Count ? first.Label(index) : firstClasses + second.Label(index - first.Count);

    /// <inheritdoc/>
    public void CopyImage(int index, Span<float> destination)
    {
        if (index < first.Count)
            first.CopyImage(index, destination);
        else
            second.CopyImage(index - first.Count, destination);
    }

    /// <inheritdoc/>
    public void CopyAugmented(int index, Span<float> destination, ref RandomStream random)
    {
        if (index < first.Count)
            first.CopyAugmented(index, destination, ref random);
        else
            second.CopyAugmented(index - first.Count, destination, ref random);
    }
}
