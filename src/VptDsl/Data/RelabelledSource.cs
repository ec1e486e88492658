using System.Globalization;

namespace VptDsl.Data;

/// <summary>Another set's images with the labels of another list of classes.</summary>
/// <param name="source">The set.</param>
/// <param name="labels">The new label of each of its classes.</param>
/// <param name="classNames">The classes that the new labels count.</param>
/// <param name="ignored">The label of pixels that do not count, which stays; null if there is none.</param>
internal sealed class RelabelledSource(IImageSource source, int[] labels, IReadOnlyList<string> classNames, int? ignored)
    : IAugmentedSource, IDerivedSource
{
    public int Count => source.Count;

    public ImageShape Shape => source.Shape;

    public IReadOnlyList<string> ClassNames => classNames;

    public int LabelsPerImage => source.LabelsPerImage;

    public bool IsAugmented => source.IsAugmented();

    public IImageSource Source => source;

    /// <summary>Replaces labels.</summary>
    /// <param name="old">The labels.</param>
    /// <param name="labels">The new label of each class.</param>
    /// <param name="ignored">The label that stays; null if there is none.</param>
    /// <param name="image">The image that they are of, where that is known.</param>
    /// <exception cref="ArgumentException">A label is none of the classes, though the head may have one of that number.</exception>
    public static void Replace(Span<int> old, ReadOnlySpan<int> labels, int? ignored, int? image = null)
    {
        foreach (ref int label in old)
        {
            if (label == ignored)
                continue;
            if ((uint)label >= (uint)labels.Length)
            {
                string remedy = ignored is { } own
                    ? $", or declare the head with the set's ignored label (it ignores {own.ToString(CultureInfo.InvariantCulture)})"
                    : "";
                string place = image is { } index ? $"Image {index} of the set: " : "";
                throw new ArgumentException(
                    $"{place}There is a label {label}, but the set has {ClassText.Count(labels.Length)}, labels 0 to "
                    + $"{labels.Length - 1}: correct the label, name a class for each label where the set is read (classNames){remedy}.");
            }

            label = labels[label];
        }
    }

    public int Label(int index)
    {
        int label = source.Label(index);
        Replace(new Span<int>(ref label), labels, ignored: null, index);
        return label;
    }

    public void CopyLabels(int index, Span<int> destination)
    {
        source.CopyLabels(index, destination);
        Replace(destination, labels, ignored, index);
    }

    public void CopyImage(int index, Span<float> destination) => source.CopyImage(index, destination);

    public void CopyAugmented(int index, Span<float> destination, ref RandomStream random) =>
        source.CopyByChance(index, destination, ref random);

    public void CopyAugmented(int index, Span<float> destination, Span<int> destinationLabels, ref RandomStream random)
    {
        source.CopyByChance(index, destination, destinationLabels, ref random);
        Replace(destinationLabels, labels, ignored, index);
    }

    public override string ToString() => SetText.Of(this);
}
