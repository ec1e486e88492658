using VptDsl.Data;

namespace VptDsl.Training.Batches;

/// <summary>Reads single images for training or measuring. Allows reads from several threads at once.</summary>
/// <param name="source">The set.</param>
/// <param name="transforms">Changes made to every image; none for measuring.</param>
/// <param name="seed">The seed of every chance.</param>
/// <param name="augments">Whether the set's own augmentation takes part (see <see cref="IAugmentedSource"/>): in training.</param>
internal sealed class SampleReader(IImageSource source, IReadOnlyList<IImageTransform> transforms, long seed, bool augments)
{
    private const long Purpose = 0x6175676D656E74;

    // Null where reading would draw nothing from an image's stream.
    private readonly IAugmentedSource? _augmented = augments && source is IAugmentedSource { IsAugmented: true } random ? random : null;

    /// <summary>The shape of every image.</summary>
    public ImageShape Shape => source.Shape;

    /// <summary>Labels of an image.</summary>
    public int LabelsPerImage => source.LabelsPerImage;

    /// <summary>Writes the labels of an image that nothing augments.</summary>
    public void CopyLabels(int index, Span<int> labels) => source.CopyLabels(index, labels);

    /// <summary>Reads an image and its labels. The result depends on the seed, the epoch and the index alone.</summary>
    public void Read(int index, int epoch, Span<float> image, Span<int> labels)
    {
        var random = new RandomStream(seed, Purpose, epoch, index);
        if (_augmented is not null)
        {
            _augmented.CopyAugmented(index, image, labels, ref random);
        }
        else
        {
            source.CopyImage(index, image);
            source.CopyLabels(index, labels);
        }

        for (int i = 0; i < transforms.Count; i++)
            transforms[i].Apply(image, source.Shape, ref random);
    }
}
