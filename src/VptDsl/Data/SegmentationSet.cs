namespace VptDsl.Data;

/// <summary>Images with label maps in memory, as bytes; images are normalised when they are read.</summary>
public sealed class SegmentationSet : IImageSource
{
    private readonly ImageSet _images;
    private readonly byte[] _maps;

    private SegmentationSet(ImageSet images, byte[] maps)
    {
        _images = images;
        _maps = maps;
    }

    /// <inheritdoc/>
    public int Count => _images.Count;

    /// <inheritdoc/>
    public ImageShape Shape => _images.Shape;

    /// <inheritdoc/>
    public IReadOnlyList<string> ClassNames => _images.ClassNames;

    /// <inheritdoc/>
    public int LabelsPerImage => Shape.PlaneFloats;

    /// <summary>Takes images of bytes, 0 dark and 255 bright, and their label maps.</summary>
    /// <param name="shape">The shape of each image.</param>
    /// <param name="pixels">[images, channels, height, width]. Not copied.</param>
    /// <param name="labelMaps">[images, height, width]; the class of each pixel, or the model's ignored label. Not copied.</param>
    /// <param name="classNames">The name of each class.</param>
    /// <param name="normalization">Applied whenever an image is read.</param>
    /// <exception cref="ArgumentException">The numbers of pixels, labels or channels do not fit together.</exception>
    public static SegmentationSet FromBytes(
        ImageShape shape, byte[] pixels, byte[] labelMaps, IReadOnlyList<string> classNames, Normalization normalization)
    {
        ArgumentNullException.ThrowIfNull(pixels);
        ArgumentNullException.ThrowIfNull(labelMaps);
        shape.Require(nameof(shape));
        int count = labelMaps.Length / shape.PlaneFloats;
        if (labelMaps.LongLength != (long)count * shape.PlaneFloats)
        {
            throw new ArgumentException(
                $"{labelMaps.Length} labels are no whole number of maps of {shape.Height} × {shape.Width} pixels.", nameof(labelMaps));
        }

        return new SegmentationSet(ImageSet.FromBytes(shape, pixels, new int[count], classNames, normalization), labelMaps);
    }

    /// <summary>An image's label map.</summary>
    /// <param name="index">In [0, <see cref="Count"/>).</param>
    public LabelMap LabelMap(int index)
    {
        int[] labels = new int[LabelsPerImage];
        CopyLabels(index, labels);
        return new LabelMap(Shape.Height, Shape.Width, labels);
    }

    /// <inheritdoc/>
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
                $"A label map of {Shape.Height} × {Shape.Width} pixels has {LabelsPerImage} labels, but there is room for {labels.Length}.",
                nameof(labels));
        }

        ReadOnlySpan<byte> map = _maps.AsSpan(index * LabelsPerImage, LabelsPerImage);
        for (int i = 0; i < map.Length; i++)
            labels[i] = map[i];
    }

    /// <inheritdoc/>
    public void CopyImage(int index, Span<float> destination) => _images.CopyImage(index, destination);

    /// <summary>How many images, of which shape, of how many classes.</summary>
    public override string ToString() => SetText.Of(this);
}
