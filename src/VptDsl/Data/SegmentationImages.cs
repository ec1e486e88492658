using System.Collections.Immutable;
using VptDsl.Data.Pixels;

namespace VptDsl.Data;

/// <summary>
/// Images with label maps in files, which a pipeline makes fit for a model each time one is read; of <see cref="SegmentationFolder"/>.
/// </summary>
public sealed class SegmentationImages : IAugmentedSource, IFileSource
{
    private readonly string[] _images;
    private readonly string[] _maps;
    private readonly string[] _classNames;
    private readonly ImagePipeline _withoutChance;
    private readonly bool _zeroIsIgnored;
    private readonly int _ignored;
    private readonly TurnedImages _turned = new();

    internal SegmentationImages(
        string[] images, string[] maps, ImagePipeline pipeline, string[] classNames, bool zeroIsIgnored, int ignored,
        ImmutableArray<PassedOver> passedOver)
    {
        if (pipeline.UnfitForLabelMaps is { } unfit)
        {
            throw new ArgumentException(
                $"\"{unfit}\" changes an image in ways that its label map cannot follow: leave it out of the pipeline.", nameof(pipeline));
        }

        PassedOver = passedOver;
        (_images, _maps, _classNames, _zeroIsIgnored, _ignored) = (images, maps, classNames, zeroIsIgnored, ignored);
        Pipeline = pipeline;
        _withoutChance = pipeline.WithoutChance();
        Shape = pipeline.Shape;
    }

    /// <inheritdoc/>
    public int Count => _images.Length;

    /// <inheritdoc/>
    public ImageShape Shape { get; }

    /// <inheritdoc/>
    public IReadOnlyList<string> ClassNames => _classNames;

    /// <inheritdoc/>
    public int LabelsPerImage => Shape.PlaneFloats;

    /// <summary>What happens to each image, and alike to its label map.</summary>
    public ImagePipeline Pipeline { get; }

    /// <summary>What was not taken into the set where its images and maps lie, by reason; empty where nothing was left out.</summary>
    public ImmutableArray<PassedOver> PassedOver { get; }

    TurnedImages IFileSource.Turned => _turned;

    /// <inheritdoc/>
    public bool IsAugmented => Pipeline.IsRandom;

    /// <summary>The same images through another pipeline; nothing is read again.</summary>
    /// <param name="pipeline">What happens to each image.</param>
    /// <exception cref="ArgumentException">The pipeline has a step that label maps cannot follow.</exception>
    public SegmentationImages With(ImagePipeline pipeline)
    {
        ArgumentNullException.ThrowIfNull(pipeline);
        return new(_images, _maps, pipeline, _classNames, _zeroIsIgnored, _ignored, PassedOver);
    }

    /// <summary>The files of an image and its label map.</summary>
    /// <param name="index">In [0, <see cref="Count"/>).</param>
    public (string Image, string LabelMap) FilesOf(int index)
    {
        ImageIndex.Require(index, Count);
        return (_images[index], _maps[index]);
    }

    string IFileSource.NameOf(int index) => _images[index];

    /// <summary>An image's label map at its own size, without the pipeline.</summary>
    /// <param name="index">In [0, <see cref="Count"/>).</param>
    /// <exception cref="ImageDataException">
    /// The map is missing or broken, or has a label that is no class; the message names it.
    /// </exception>
    public LabelMap ReadLabelMap(int index)
    {
        ImageIndex.Require(index, Count);
        using PixelImage map = ReadMap(index);
        return Translate(map, index);
    }

    /// <summary>An image's label map at its own size, without the pipeline.</summary>
    /// <param name="index">In [0, <see cref="Count"/>).</param>
    /// <param name="size">The size of the image, which the map must have.</param>
    /// <exception cref="ImageDataException">As the other overload's, or the map has another size; the message names it.</exception>
    internal LabelMap ReadLabelMap(int index, (int Width, int Height) size)
    {
        using PixelImage map = ReadMap(index, size);
        return Translate(map, index);
    }

    /// <inheritdoc/>
    public int Label(int index)
    {
        ImageIndex.Require(index, Count);
        return 0;
    }

    /// <inheritdoc/>
    /// <exception cref="ImageDataException">The image is missing or broken; the message names it.</exception>
    public void CopyImage(int index, Span<float> destination)
    {
        RandomStream unused = default;
        Copy(index, _withoutChance, destination, [], ref unused);
    }

    /// <inheritdoc/>
    /// <exception cref="ImageDataException">
    /// The map is missing or broken, or has a label that is no class; the message names it.
    /// </exception>
    public void CopyLabels(int index, Span<int> labels)
    {
        ImageIndex.Require(index, Count);
        RandomStream unused = default;
        CopyLabels(index, _withoutChance, labels, ref unused, ImageFileReader.SizeOf(_images[index], Pipeline.TurnsUpright));
    }

    /// <inheritdoc/>
    /// <exception cref="ImageDataException">The image is missing or broken; the message names it.</exception>
    public void CopyAugmented(int index, Span<float> destination, ref RandomStream random) =>
        Copy(index, Pipeline, destination, [], ref random);

    /// <inheritdoc/>
    /// <exception cref="ImageDataException">Image or map is missing or broken, or they differ in size; the message names it.</exception>
    public void CopyAugmented(int index, Span<float> destination, Span<int> labels, ref RandomStream random) =>
        Copy(index, Pipeline, destination, labels, ref random);

    private void Copy(int index, ImagePipeline pipeline, Span<float> destination, Span<int> labels, ref RandomStream random)
    {
        ImageIndex.Require(index, Count);

        // The map is changed first, by a copy of the stream: both then meet the same chance.
        RandomStream ofMap = random;
        PixelImage stored = ImageFileReader.Read(_images[index]);
        _turned.Note(index, stored, pipeline);
        PixelImage image = pipeline.Turn(stored);
        (int Width, int Height) size = (image.Width, image.Height);
        try
        {
            if (!labels.IsEmpty)
                CopyLabels(index, pipeline, labels, ref ofMap, size);
        }
        catch
        {
            image.Dispose();
            throw;
        }

        try
        {
            pipeline.Run(image, destination, ref random);
        }
        catch (InvalidDataException e)
        {
            throw ImageFileReader.Unfit(_images[index], list: null, entry: null, e);
        }
    }

    private void CopyLabels(int index, ImagePipeline pipeline, Span<int> labels, ref RandomStream random, (int Width, int Height) size)
    {
        PixelImage map = ReadMap(index, size);
        try
        {
            map = pipeline.RunOnLabels(map, ref random);
        }
        catch (InvalidDataException e)
        {
            throw ImageFileReader.Unfit(_maps[index], list: null, entry: null, e);
        }

        using (map)
            Translate(map, index, labels);
    }

    private PixelImage ReadMap(int index, (int Width, int Height) size)
    {
        PixelImage map = ReadMap(index);
        if (size == (map.Width, map.Height))
            return map;
        (int width, int height) = (map.Width, map.Height);
        map.Dispose();
        throw new ImageDataException(
            _maps[index], $"the label map has {width}×{height} pixels, but its image has {size.Width}×{size.Height}",
            $"Give both one size, or take {_images[index]} out.");
    }

    private PixelImage ReadMap(int index)
    {
        LabelMapHeader.Require(_maps[index]);
        return ImageFileReader.Read(_maps[index]);
    }

    private LabelMap Translate(PixelImage map, int index)
    {
        int[] labels = new int[map.Width * map.Height];
        Translate(map, index, labels);
        return new LabelMap(map.Height, map.Width, labels);
    }

    /// <summary>How many images, of which shape, of how many classes.</summary>
    public override string ToString() => SetText.Of(this);

    private void Translate(PixelImage map, int index, Span<int> labels)
    {
        ReadOnlySpan<byte> levels = map.Bytes;
        for (int i = 0; i < labels.Length; i++)
        {
            int level = levels[i * PixelImage.PixelBytes];
            // Where classes count from 1, the file's number of the last may be the label that the model ignores.
            bool isIgnored = _zeroIsIgnored
                ? level == 0 || (level == _ignored && level > _classNames.Length)
                : level == _ignored;
            int label = isIgnored ? _ignored : _zeroIsIgnored ? level - 1 : level;
            if (label >= _classNames.Length && !isIgnored)
            {
                throw new ImageDataException(
                    _maps[index], $"a pixel has the label {level}, but there are {_classNames.Length} classes",
                    _zeroIsIgnored
                        ? "Name more classes, or correct the map."
                        : "Name more classes, correct the map, or read it with zeroIsIgnored if its classes count from 1.");
            }

            labels[i] = label;
        }
    }
}
