namespace VptDsl.Data;

/// <summary>Labelled images in memory, as floats or as bytes that are normalised when they are read.</summary>
public sealed class ImageSet : IImageSource
{
    private readonly int[] _labels;
    private readonly string[] _classNames;
    private readonly float[]? _floats;
    private readonly byte[]? _bytes;
    private readonly float[] _byteValues = [];
    private readonly int _storedChannels;

    private ImageSet(ImageShape shape, int storedChannels, float[]? floats, byte[]? bytes, int[] labels, IReadOnlyList<string> classNames)
    {
        shape.Require(nameof(shape));
        ArgumentNullException.ThrowIfNull(labels);
        ClassList.Require(classNames, nameof(classNames));
        long stored = floats?.LongLength ?? bytes!.LongLength;
        long expected = (long)labels.Length * storedChannels * shape.PlaneFloats;
        if (stored != expected)
        {
            throw new ArgumentException(
                $"{labels.Length} images of shape {shape with { Channels = storedChannels }} take {expected} pixel values, " +
                $"but there are {stored}.");
        }

        for (int i = 0; i < labels.Length; i++)
        {
            if ((uint)labels[i] >= (uint)classNames.Count)
            {
                throw new ArgumentException(
                    $"Image {i} has label {labels[i]}, but the {classNames.Count} classes have labels 0 to {classNames.Count - 1}: " +
                    "correct the label or name more classes.", nameof(labels));
            }
        }

        Shape = shape;
        _storedChannels = storedChannels;
        _floats = floats;
        _bytes = bytes;
        _labels = labels;
        _classNames = [.. classNames];
    }

    private ImageSet(
        ImageShape shape, int storedChannels, byte[] bytes, int[] labels, IReadOnlyList<string> classNames, Normalization normalization)
        : this(shape, storedChannels, null, bytes, labels, classNames)
    {
        if (normalization.Channels != shape.Channels)
        {
            throw new ArgumentException(
                $"The normalisation is for {normalization.Channels} channel(s), but the images have {shape.Channels}: " +
                "give one mean and one deviation for each channel.", nameof(normalization));
        }

        _byteValues = normalization.ByteValues();
    }

    /// <inheritdoc/>
    public int Count => _labels.Length;

    /// <inheritdoc/>
    public ImageShape Shape { get; }

    /// <inheritdoc/>
    public IReadOnlyList<string> ClassNames => _classNames;

    /// <summary>Takes images that are already what a model expects.</summary>
    /// <param name="shape">The shape of each image.</param>
    /// <param name="images">[images, channels, height, width], normalised. Not copied.</param>
    /// <param name="labels">The class of each image. Not copied.</param>
    /// <param name="classNames">The name of each class.</param>
    /// <exception cref="ArgumentException">The numbers of images, labels or classes do not fit together.</exception>
    public static ImageSet FromFloats(ImageShape shape, float[] images, int[] labels, IReadOnlyList<string> classNames)
    {
        ArgumentNullException.ThrowIfNull(images);
        return new(shape, shape.Channels, images, null, labels, classNames);
    }

    /// <summary>Takes images of bytes, 0 dark and 255 bright.</summary>
    /// <param name="shape">The shape of each image.</param>
    /// <param name="pixels">[images, channels, height, width]. Not copied.</param>
    /// <param name="labels">The class of each image. Not copied.</param>
    /// <param name="classNames">The name of each class.</param>
    /// <param name="normalization">Applied whenever an image is read.</param>
    /// <exception cref="ArgumentException">The numbers of images, labels, classes or channels do not fit together.</exception>
    public static ImageSet FromBytes(
        ImageShape shape, byte[] pixels, int[] labels, IReadOnlyList<string> classNames, Normalization normalization)
    {
        ArgumentNullException.ThrowIfNull(pixels);
        ArgumentNullException.ThrowIfNull(normalization);
        return new(shape, shape.Channels, pixels, labels, classNames, normalization);
    }

    /// <summary>
    /// Takes grey images of bytes for a model that expects colour: each channel gets the same pixels, normalised as its own.
    /// </summary>
    /// <param name="height">Rows of pixels.</param>
    /// <param name="width">Pixels in a row.</param>
    /// <param name="pixels">[images, height, width]. Not copied.</param>
    /// <param name="labels">The class of each image. Not copied.</param>
    /// <param name="classNames">The name of each class.</param>
    /// <param name="normalization">Applied whenever an image is read; its number of channels is the images' number of channels.</param>
    /// <exception cref="ArgumentException">The numbers of images, labels or classes do not fit together.</exception>
    public static ImageSet FromGrayBytes(
        int height, int width, byte[] pixels, int[] labels, IReadOnlyList<string> classNames, Normalization normalization)
    {
        ArgumentNullException.ThrowIfNull(pixels);
        ArgumentNullException.ThrowIfNull(normalization);
        return new(new ImageShape(normalization.Channels, height, width), 1, pixels, labels, classNames, normalization);
    }

    /// <inheritdoc/>
    public int Label(int index)
    {
        ImageIndex.Require(index, Count);
        return _labels[index];
    }

    /// <inheritdoc/>
    public void CopyImage(int index, Span<float> destination)
    {
        ImageIndex.Require(index, Count);
        if (destination.Length != Shape.Floats)
        {
            throw new ArgumentException(
                $"An image of shape {Shape} takes {Shape.Floats} floats, but there is room for {destination.Length}.", nameof(destination));
        }

        int plane = Shape.PlaneFloats;
        int start = index * _storedChannels * plane;
        if (_floats is not null)
        {
            _floats.AsSpan(start, destination.Length).CopyTo(destination);
            return;
        }

        for (int channel = 0; channel < Shape.Channels; channel++)
        {
            int storedChannel = _storedChannels == 1 ? 0 : channel;
            ReadOnlySpan<byte> pixels = _bytes.AsSpan(start + (storedChannel * plane), plane);
            ReadOnlySpan<float> values = _byteValues.AsSpan(channel * 256, 256);
            Span<float> output = destination.Slice(channel * plane, plane);
            for (int i = 0; i < pixels.Length; i++)
                output[i] = values[pixels[i]];
        }
    }

    /// <summary>How many images, of which shape, of how many classes.</summary>
    public override string ToString() => SetText.Of(this);
}
