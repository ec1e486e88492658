using System.Collections.Immutable;
using SkiaSharp;
using VptDsl.Data.Pixels;

namespace VptDsl.Data;

/// <summary>
/// What happens to an image between its file and a model: steps on bytes, in order, then normalisation. A value: every method returns
/// a new pipeline.
/// </summary>
/// <remarks>
/// <see cref="Transforms"/> has the usual ones ready. One of your own:
/// <code>new ImagePipeline(Normalization.ImageNet).ResizeShortSide(256).RandomCrop(224).RandomFlip()</code>
/// Resizing, cropping and normalising give the bits of Pillow, torchvision and PyTorch. <see cref="ToString"/> and
/// <see cref="Parse"/> turn a pipeline into text and back, so that it can be kept beside what was trained with it.
/// </remarks>
public sealed class ImagePipeline : IEquatable<ImagePipeline>
{
    /// <summary>The largest size of a resize or crop, in pixels.</summary>
    public const int MaximumSize = 8192;

    private readonly ImmutableArray<PixelStep> _steps;
    private readonly ImmutableArray<PixelStep> _stepsWithoutChance;
    private readonly (int Width, int Height)? _size;
    private readonly bool _endsInLegacyResize;
    private readonly float[] _byteValues;

    /// <summary>Starts a pipeline that does nothing but normalise.</summary>
    /// <param name="normalization">For three channels (colour), or for one: images then become grey first, as Pillow does it.</param>
    /// <exception cref="ArgumentException">The normalisation has neither one nor three channels.</exception>
    public ImagePipeline(Normalization normalization)
        : this(normalization
            ?? throw new ArgumentNullException(nameof(normalization)), [], null, endsInLegacyResize: false, turnsUpright: false)
    {
        if (normalization.Channels is not (1 or 3))
        {
            throw new ArgumentException(
                $"Images have 1 channel (grey) or 3 (colour), but the normalisation is for {normalization.Channels}.",
                nameof(normalization));
        }
    }

    private ImagePipeline(
        Normalization normalization, ImmutableArray<PixelStep> steps, (int Width, int Height)? size, bool endsInLegacyResize,
        bool turnsUpright)
    {
        TurnsUpright = turnsUpright;
        Normalization = normalization;
        _steps = steps;
        _stepsWithoutChance = [.. steps.SelectMany(step => step.WithoutChance)];
        _size = size;
        _endsInLegacyResize = endsInLegacyResize;
        _byteValues = normalization.ByteValues();
    }

    /// <summary>The last step: what pixels become.</summary>
    public Normalization Normalization { get; }

    /// <summary>
    /// Whether images are turned as their camera's orientation (EXIF) says before the first step; false unless <see cref="Upright"/> was
    /// called.
    /// </summary>
    public bool TurnsUpright { get; }

    /// <summary>Whether a step leaves something to chance.</summary>
    public bool IsRandom => _steps.Any(step => step.WithoutChance is not [var same] || same != step);

    /// <summary>The shape of what comes out.</summary>
    /// <exception cref="InvalidOperationException">It depends on the image: no step brings images to one size.</exception>
    public ImageShape Shape => _size is { } size
        ? new ImageShape(Normalization.Channels, size.Height, size.Width)
        : throw new InvalidOperationException(
            $"The pipeline \"{this}\" leaves images of different sizes: end it with Resize, CenterCrop or RandomCrop.");

    /// <summary>The last step that brings the shorter side to a size; null if none does.</summary>
    internal ResizeShortSideStep? ShortSide => _steps.OfType<ResizeShortSideStep>().LastOrDefault();

    /// <summary>The first step that cannot change a label map as it changes an image; null if all can.</summary>
    internal PixelStep? UnfitForLabelMaps => _steps.FirstOrDefault(step => !step.FitsLabelMaps);

    /// <summary>
    /// Turns images as their camera's orientation (EXIF) says, before the first step wherever this is called. Without it the orientation is
    /// ignored, as Pillow and torchvision ignore it.
    /// </summary>
    public ImagePipeline Upright() => new(Normalization, _steps, _size, _endsInLegacyResize, turnsUpright: true);

    /// <summary>Brings the shorter side to a size and keeps the proportions.</summary>
    /// <param name="size">Pixels, 1 to <see cref="MaximumSize"/>.</param>
    /// <param name="interpolation">Bilinear or bicubic.</param>
    public ImagePipeline ResizeShortSide(int size, Interpolation interpolation = Interpolation.Bilinear) =>
        interpolation == Interpolation.LegacyBilinear
            ? throw new ArgumentException("The legacy resize brings images straight to a size: use Resize.", nameof(interpolation))
            : Then(new ResizeShortSideStep(size, interpolation));

    /// <summary>Brings an image to a size, whatever its proportions.</summary>
    /// <param name="size">The side of a square, or height and width, in pixels, each 1 to <see cref="MaximumSize"/>.</param>
    /// <param name="interpolation">How; after <see cref="Interpolation.LegacyBilinear"/> no further step is possible.</param>
    public ImagePipeline Resize(PlaneSize size, Interpolation interpolation = Interpolation.Bilinear) =>
        Then(new ResizeStep(size, interpolation), interpolation == Interpolation.LegacyBilinear);

    /// <summary>Cuts a size out of the middle.</summary>
    /// <param name="size">The side of a square, or height and width, in pixels, each 1 to <see cref="MaximumSize"/>.</param>
    public ImagePipeline CenterCrop(PlaneSize size) => Then(new CenterCropStep(size));

    /// <summary>Cuts a size out of any place in training, and out of the middle otherwise.</summary>
    /// <param name="size">The side of a square, or height and width, in pixels, each 1 to <see cref="MaximumSize"/>.</param>
    public ImagePipeline RandomCrop(PlaneSize size) => Then(new RandomCropStep(size));

    /// <summary>
    /// Cuts a part of any place, share and proportions out in training and brings it to a size: torchvision's <c>RandomResizedCrop</c>.
    /// Otherwise a square is cut out of the middle of an image whose short side is 8/7 of it; to another size images are brought straight.
    /// </summary>
    /// <param name="size">The side of a square, or height and width, in pixels, each 1 to <see cref="MaximumSize"/>; a square of at most
    /// 7/8 of that.</param>
    /// <param name="smallestShare">The smallest share of the image's pixels, above 0.</param>
    /// <param name="largestShare">The largest share, at least the smallest and at most 1.</param>
    /// <param name="narrowest">The smallest width over height, above 0.</param>
    /// <param name="widest">The largest width over height, at least the smallest.</param>
    /// <param name="interpolation">Bilinear or bicubic.</param>
    public ImagePipeline RandomResizedCrop(
        PlaneSize size, float smallestShare = 0.08f, float largestShare = 1, float narrowest = 3 / 4f, float widest = 4 / 3f,
        Interpolation interpolation = Interpolation.Bilinear) =>
        Then(new RandomResizedCropStep(size, new CropRange(smallestShare, largestShare, narrowest, widest), interpolation));

    /// <summary>
    /// Changes brightness, contrast, saturation and hue in training, in any order: torchvision's <c>ColorJitter</c>. The first three are
    /// multiplied by a number from 1 − strength (at least 0) to 1 + strength, the hue is turned by up to ±<paramref name="hue"/> of the
    /// whole circle.
    /// </summary>
    /// <param name="brightness">The strength, at least 0; 0 leaves it as it is.</param>
    /// <param name="contrast">The strength, at least 0.</param>
    /// <param name="saturation">The strength, at least 0.</param>
    /// <param name="hue">From 0 to 0.5.</param>
    public ImagePipeline ColorJitter(float brightness = 0, float contrast = 0, float saturation = 0, float hue = 0) =>
        Then(new ColorJitterStep(brightness, contrast, saturation, hue));

    /// <summary>
    /// Applies changes of colour and geometry that are drawn anew for each training image, all of one strength: torchvision's
    /// <c>RandAugment</c> (Cubuk et al., 2020). What comes in from outside is black.
    /// </summary>
    /// <param name="operations">Changes one after the other, 0 to 100.</param>
    /// <param name="magnitude">Their strength, from 0 to less than <paramref name="bins"/>.</param>
    /// <param name="bins">The number of strengths, at least 2.</param>
    public ImagePipeline RandAugment(int operations = 2, int magnitude = 9, int bins = 31) =>
        Then(new RandAugmentStep(operations, magnitude, bins));

    /// <summary>
    /// Applies one change of colour or geometry of any strength to each training image: torchvision's <c>TrivialAugmentWide</c> (Müller
    /// and Hutter, 2021). What comes in from outside is black.
    /// </summary>
    /// <param name="bins">The number of strengths, at least 2.</param>
    public ImagePipeline TrivialAugmentWide(int bins = 31) => Then(new TrivialAugmentWideStep(bins));

    /// <summary>Mirrors left to right in training, now and then.</summary>
    /// <param name="probability">How often, from 0 to 1.</param>
    public ImagePipeline RandomFlip(float probability = 0.5f) => Then(new RandomFlipStep(probability));

    /// <summary>The same steps with another normalisation.</summary>
    /// <param name="normalization">For one or three channels.</param>
    public ImagePipeline WithNormalization(Normalization normalization)
    {
        ImagePipeline start = Empty(normalization);
        return _steps.Aggregate(start, (pipeline, step) => pipeline.Then(step, _endsInLegacyResize && step == _steps[^1]));
    }

    /// <summary>The same without chance, as measuring reads images: crops from the middle, and no mirroring.</summary>
    public ImagePipeline WithoutChance() => IsRandom
        ? _stepsWithoutChance.Aggregate(
            Empty(Normalization), (pipeline, step) => pipeline.Then(step, _endsInLegacyResize && step == _stepsWithoutChance[^1]))
        : this;

    /// <summary>Reads one image as measuring does, without chance; for <c>Predict</c>.</summary>
    /// <param name="path">A JPEG, PNG, WebP, BMP or GIF file.</param>
    /// <returns>[channels, height, width], normalised.</returns>
    /// <exception cref="ImageDataException">The file is missing or broken.</exception>
    public float[] ReadImage(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return Finish(ImageFileReader.Read(path), path);
    }

    /// <summary>As <see cref="ReadImage(string)"/>, for an image file's bytes.</summary>
    /// <param name="encoded">The whole file: JPEG, PNG, WebP, BMP or GIF.</param>
    /// <returns>[channels, height, width], normalised.</returns>
    /// <exception cref="ImageDataException">They are no image, or a broken one.</exception>
    public float[] ReadImage(ReadOnlySpan<byte> encoded) => ReadImage(encoded, EncodedStream.Unnamed);

    /// <summary>As <see cref="ReadImage(string)"/>, for an image file that a stream gives, standard input for instance.</summary>
    /// <param name="stream">JPEG, PNG, WebP, BMP or GIF, from where it stands to its end. It stays open.</param>
    /// <returns>[channels, height, width], normalised.</returns>
    /// <exception cref="ImageDataException">It gives no image, or a broken one.</exception>
    public float[] ReadImage(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return ReadImage(EncodedStream.Read(stream), EncodedStream.NameOf(stream));
    }

    /// <summary>A pipeline from its text form.</summary>
    /// <param name="text">What <see cref="ToString"/> gave.</param>
    /// <exception cref="FormatException">It is no pipeline's text; the message says where.</exception>
    public static ImagePipeline Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return PipelineText.Parse(text);
    }

    /// <summary>
    /// The steps as text, for instance
    /// <c>resize-short-side 256 bilinear | center-crop 224 | normalize 0.485 0.456 0.406 / 0.229 0.224 0.225</c>.
    /// </summary>
    public override string ToString()
    {
        string steps = string.Join(" | ", [.. _steps.Select(step => step.ToString()), $"normalize {Normalization}"]);
        return TurnsUpright ? $"{PipelineText.Upright} | {steps}" : steps;
    }

    /// <inheritdoc/>
    public bool Equals(ImagePipeline? other) => other is not null && ToString() == other.ToString();

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as ImagePipeline);

    /// <inheritdoc/>
    public override int GetHashCode() => ToString().GetHashCode(StringComparison.Ordinal);

    /// <summary>Reads an image file's bytes as measuring does.</summary>
    /// <param name="encoded">The whole file.</param>
    /// <param name="name">What messages call it.</param>
    internal float[] ReadImage(ReadOnlySpan<byte> encoded, string name) =>
        Finish(ImageFileReader.Decode(encoded, name), name);

    /// <summary>Turns an image as it came from its file, if this pipeline does so.</summary>
    /// <param name="image">The image; it is disposed of, unless it comes back.</param>
    internal PixelImage Turn(PixelImage image)
    {
        if (!TurnsUpright || image.Orientation == SKEncodedOrigin.TopLeft)
            return image;
        using (image)
            return image.Upright();
    }


    /// <summary>Runs the steps without chance.</summary>
    /// <param name="image">The image, which is disposed of.</param>
    /// <param name="destination">[channels, height, width].</param>
    internal void Run(PixelImage image, Span<float> destination)
    {
        RandomStream unused = default;
        Run(_stepsWithoutChance, image, destination, ref unused);
    }

    /// <summary>Runs the steps.</summary>
    /// <param name="image">The image, which is disposed of.</param>
    /// <param name="destination">[channels, height, width].</param>
    /// <param name="random">Where chance comes from.</param>
    internal void Run(PixelImage image, Span<float> destination, ref RandomStream random) =>
        Run(_steps, image, destination, ref random);

    /// <summary>Runs the steps on a label map as they would run on its image.</summary>
    /// <param name="map">The map, which is disposed of.</param>
    /// <param name="random">Where chance comes from.</param>
    internal PixelImage RunOnLabels(PixelImage map, ref RandomStream random)
    {
        try
        {
            foreach (PixelStep step in _steps)
            {
                PixelImage next = step.ApplyToLabels(map, ref random);
                if (next != map)
                    map.Dispose();
                map = next;
            }

            return map;
        }
        catch
        {
            map.Dispose();
            throw;
        }
    }

    private float[] Finish(PixelImage decoded, string name)
    {
        using PixelImage image = decoded;
        float[] values = new float[Shape.Floats];
        try
        {
            Run(image, values);
        }
        catch (InvalidDataException e)
        {
            throw ImageFileReader.Unfit(name, list: null, entry: null, e);
        }

        return values;
    }

    /// <summary>A pipeline without steps that turns images as this one does.</summary>
    private ImagePipeline Empty(Normalization normalization)
    {
        var empty = new ImagePipeline(normalization);
        return TurnsUpright ? empty.Upright() : empty;
    }

    private ImagePipeline Then(PixelStep step, bool isLegacyResize = false)
    {
        if (_endsInLegacyResize)
        {
            throw new InvalidOperationException(
                $"\"{step}\" cannot follow the legacy resize, whose result is no image of bytes: make the resize the last step.");
        }

        return new ImagePipeline(Normalization, _steps.Add(step), step.SizeAfter(_size), isLegacyResize, TurnsUpright);
    }

    private void Run(ImmutableArray<PixelStep> steps, PixelImage image, Span<float> destination, ref RandomStream random)
    {
        try
        {
            image = Turn(image);
            if (Normalization.Channels == 1)
                image.MakeGrey();
            for (int i = 0; i < steps.Length - (_endsInLegacyResize ? 1 : 0); i++)
            {
                PixelImage next = steps[i].Apply(image, ref random);
                if (next != image)
                    image.Dispose();
                image = next;
            }

            if (_endsInLegacyResize)
                LegacyBilinear.Resize(image, Shape, Normalization, destination);
            else
                Normalize(image, destination);
        }
        finally
        {
            image.Dispose();
        }
    }

    private void Normalize(PixelImage image, Span<float> destination)
    {
        ReadOnlySpan<byte> bytes = image.Bytes;
        int pixels = image.Width * image.Height;
        for (int channel = 0; channel < Normalization.Channels; channel++)
        {
            ReadOnlySpan<float> values = _byteValues.AsSpan(channel * 256, 256);
            Span<float> plane = destination.Slice(channel * pixels, pixels);
            for (int i = 0; i < plane.Length; i++)
                plane[i] = values[bytes[(i * PixelImage.PixelBytes) + channel]];
        }
    }
}
