using System.Collections.Immutable;
using VptDsl.Data;

namespace Pretrain;

/// <summary>Some of a data set's images, the same number of each class: others in each epoch of training, mirrored and shifted.</summary>
internal sealed class Clothes : IAugmentedSource
{
    private static readonly ImmutableArray<IImageTransform> Changes = [new RandomHorizontalFlip(), new RandomCrop(padding: 2)];

    private readonly IImageSource _images;
    private readonly int[][] _byClass;

    /// <summary>Takes images of a set.</summary>
    /// <param name="images">The set; it has images of each of its classes.</param>
    /// <param name="count">Images in an epoch.</param>
    public Clothes(IImageSource images, int count)
    {
        (_images, Count) = (images, count);
        ILookup<int, int> indices = Enumerable.Range(0, images.Count).ToLookup(images.Label);
        _byClass = [.. Enumerable.Range(0, images.ClassNames.Count).Select(label => indices[label].ToArray())];
    }

    /// <inheritdoc/>
    public int Count { get; }

    /// <inheritdoc/>
    public ImageShape Shape => _images.Shape;

    /// <inheritdoc/>
    public IReadOnlyList<string> ClassNames => _images.ClassNames;

    /// <inheritdoc/>
    public bool IsAugmented => true;

    /// <inheritdoc/>
    public int Label(int index) => index % _byClass.Length;

    /// <inheritdoc/>
    public void CopyImage(int index, Span<float> destination)
    {
        int[] images = _byClass[Label(index)];
        _images.CopyImage(images[index / _byClass.Length % images.Length], destination);
    }

    /// <inheritdoc/>
    public void CopyAugmented(int index, Span<float> destination, ref RandomStream random)
    {
        int[] images = _byClass[Label(index)];
        _images.CopyImage(images[random.NextInt(images.Length)], destination);
        foreach (IImageTransform change in Changes)
            change.Apply(destination, Shape, ref random);
    }
}
