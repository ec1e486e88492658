namespace VptDsl.Data;

/// <summary>Images of another set, each with any number of classes: several, one or none.</summary>
/// <remarks><see cref="MultiLabelFile"/> reads one. Models with <c>MultiLabel = true</c> learn from it.</remarks>
public sealed class MultiLabelImages : IAugmentedSource, IDerivedSource
{
    private readonly IImageSource _source;
    private readonly int[][] _classes;

    /// <summary>Gives images classes.</summary>
    /// <param name="images">The images; their own labels are not looked at.</param>
    /// <param name="classNames">The name of each class.</param>
    /// <param name="classes">The classes of each image, by their places among the names, in any order.</param>
    /// <exception cref="ArgumentException">
    /// Names are missing or alike, there are classes for more or fewer images, or an image has a class that has no name, or one twice.
    /// </exception>
    public MultiLabelImages(
        IImageSource images, IReadOnlyList<string> classNames, IReadOnlyList<IReadOnlyCollection<int>> classes)
    {
        ArgumentNullException.ThrowIfNull(images);
        ClassList.RequireDistinct(classNames, nameof(classNames));
        ArgumentNullException.ThrowIfNull(classes);
        if (classes.Count != images.Count)
        {
            throw new ArgumentException(
                $"There are {images.Count} images, but classes for {classes.Count}: give a list for each, an empty one for none.",
                nameof(classes));
        }

        (_source, ClassNames) = (images, classNames);
        _classes = new int[classes.Count][];
        for (int image = 0; image < _classes.Length; image++)
        {
            int[] own = [.. (classes[image] ?? throw new ArgumentException(
                $"The classes of image {image} are null: give an empty list for none.", nameof(classes))).Order()];
            for (int i = 0; i < own.Length; i++)
            {
                bool isRepeated = i > 0 && own[i] == own[i - 1];
                if ((uint)own[i] >= (uint)classNames.Count || isRepeated)
                {
                    throw new ArgumentException(
                        $"Image {image} has class {own[i]}{(isRepeated ? " twice" : "")}, but an image has or has not each of the "
                        + $"{ClassText.Count(classNames.Count)}, 0 to {classNames.Count - 1}.", nameof(classes));
                }
            }

            _classes[image] = own;
        }
    }

    /// <inheritdoc/>
    public int Count => _classes.Length;

    /// <inheritdoc/>
    public ImageShape Shape => _source.Shape;

    /// <inheritdoc/>
    public IReadOnlyList<string> ClassNames { get; }

    /// <inheritdoc/>
    public bool IsMultiLabel => true;

    /// <summary>One for each class.</summary>
    public int LabelsPerImage => ClassNames.Count;

    /// <inheritdoc/>
    public bool IsAugmented => _source.IsAugmented();

    IImageSource IDerivedSource.Source => _source;

    /// <summary>The classes of an image, in ascending order.</summary>
    /// <param name="index">In [0, <see cref="Count"/>).</param>
    public IReadOnlyList<int> ClassesOf(int index)
    {
        ImageIndex.Require(index, Count);
        return _classes[index];
    }

    /// <summary>0: an image has no class that is the one.</summary>
    /// <param name="index">In [0, <see cref="Count"/>).</param>
    public int Label(int index)
    {
        ImageIndex.Require(index, Count);
        return 0;
    }

    /// <inheritdoc/>
    public void CopyLabels(int index, Span<int> labels)
    {
        ImageIndex.Require(index, Count);
        if (labels.Length != LabelsPerImage)
        {
            throw new ArgumentException(
                $"An image has {LabelsPerImage} labels, one for each class, but there is room for {labels.Length}.", nameof(labels));
        }

        labels.Clear();
        foreach (int label in _classes[index])
            labels[label] = 1;
    }

    /// <inheritdoc/>
    public void CopyImage(int index, Span<float> destination) => _source.CopyImage(index, destination);

    /// <inheritdoc/>
    public void CopyAugmented(int index, Span<float> destination, ref RandomStream random) =>
        _source.CopyByChance(index, destination, ref random);

    /// <summary>How many images, of which shape, of how many classes.</summary>
    public override string ToString() => SetText.Of(this);
}
