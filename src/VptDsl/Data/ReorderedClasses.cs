namespace VptDsl.Data;

/// <summary>Another set's images of several classes, which are found among those of another list.</summary>
/// <param name="source">The set.</param>
/// <param name="labels">The place of each of its classes in the list.</param>
/// <param name="classNames">The list; of classes that the set does not know no image has any.</param>
internal sealed class ReorderedClasses(IImageSource source, int[] labels, IReadOnlyList<string> classNames)
    : IAugmentedSource, IDerivedSource
{
    public int Count => source.Count;

    public ImageShape Shape => source.Shape;

    public IReadOnlyList<string> ClassNames => classNames;

    public bool IsMultiLabel => true;

    public int LabelsPerImage => classNames.Count;

    public bool IsAugmented => source.IsAugmented();

    public IImageSource Source => source;

    public int Label(int index) => source.Label(index);

    public void CopyLabels(int index, Span<int> destination)
    {
        int[] own = new int[labels.Length];
        source.CopyLabels(index, own);
        destination.Clear();
        for (int label = 0; label < own.Length; label++)
            destination[labels[label]] = own[label];
    }

    public void CopyImage(int index, Span<float> destination) => source.CopyImage(index, destination);

    public void CopyAugmented(int index, Span<float> destination, ref RandomStream random) =>
        source.CopyByChance(index, destination, ref random);

    public override string ToString() => SetText.Of(this);
}
