using VptDsl.Data;
using VptDsl.Data.Pixels;
using VptDsl.Programs;
using VptDsl.Training;

namespace VptDsl;

/// <summary>
/// A declared model that tells the class of each pixel: what the source generator derives a class with a
/// <see cref="SegmentationHeadAttribute"/> from. <see cref="Tuner.Predict(ReadOnlySpan{float})"/> gives the probabilities behind the
/// classes, [images, height, width, classes].
/// </summary>
public abstract class SegmentationTuner : Tuner
{
    /// <summary>Wraps a compiled program.</summary>
    protected SegmentationTuner(Device device, ModelProgram program)
        : base(device, program)
    {
    }

    /// <summary>The class of each pixel of an image of the model's size.</summary>
    /// <param name="image">[channels, height, width], normalised as in training.</param>
    /// <exception cref="ArgumentException">It is not one image of the model's size.</exception>
    public LabelMap Segment(ReadOnlySpan<float> image) => Segment(image, Model.ImageSize, Model.ImageSize, Model.ImageSize);

    /// <summary>
    /// The class of each pixel of an image that is as large as the model's or larger: windows of the model's size slide over it, and where
    /// they overlap the mean of their logits decides.
    /// </summary>
    /// <param name="image">[channels, height, width], normalised as in training.</param>
    /// <param name="height">Rows of pixels.</param>
    /// <param name="width">Pixels in a row.</param>
    /// <param name="stride">
    /// Pixels from a window to the next, 1 to the model's size; the last window of a row is moved back to end with the image.
    /// </param>
    /// <exception cref="ArgumentException">The image is smaller than the model's, or the sizes do not fit together.</exception>
    public LabelMap Segment(ReadOnlySpan<float> image, int height, int width, int stride) =>
        new SlidingSegmentation(Compiled, height, width, stride).Run(image);

    /// <summary>The class of each pixel of an image file, normalised as the task's images were (<see cref="Tuner.Pipeline"/>).</summary>
    /// <param name="path">A JPEG, PNG, WebP, BMP or GIF file.</param>
    /// <param name="stride">Pixels from a window to the next; left out: two thirds of the model's size.</param>
    /// <param name="shortSide">
    /// What the shorter side is brought to before windows slide over the image, the model's size or more. Left out: the image stays as
    /// it is, unless it is smaller than the model's.
    /// </param>
    /// <returns>A map of the file's own size.</returns>
    /// <exception cref="InvalidOperationException">The task has no pipeline to take the normalisation from.</exception>
    /// <exception cref="ImageDataException">The file is missing or broken.</exception>
    public LabelMap Segment(string path, int? stride = null, int? shortSide = null)
    {
        int size = Model.ImageSize;
        ArgumentOutOfRangeException.ThrowIfLessThan(shortSide ?? size, size, nameof(shortSide));
        Normalization normalization = Pipeline?.Normalization ?? throw new InvalidOperationException(
            $"{Model.Name} has no pipeline that says how images are normalised: set Pipeline, or give Segment the pixels.");
        PixelImage read = ImageFileReader.Read(path);
        (int width, int height) = (read.Width, read.Height);
        int wanted = shortSide ?? Math.Max(size, Math.Min(width, height));
        float[] pixels;
        (int scaledWidth, int scaledHeight) = (width, height);
        try
        {
            RandomStream unused = default;
            PixelImage scaled = wanted == Math.Min(width, height)
                ? read.Crop(0, 0, width, height)
                : new ResizeShortSideStep(wanted, Interpolation.Bilinear).Apply(read, ref unused);
            (scaledWidth, scaledHeight) = (scaled.Width, scaled.Height);
            pixels = new float[normalization.Channels * scaledWidth * scaledHeight];
            new ImagePipeline(normalization).Run(scaled, pixels);
        }
        catch (InvalidDataException e)
        {
            throw ImageFileReader.Unfit(path, list: null, entry: null, e);
        }
        finally
        {
            read.Dispose();
        }

        LabelMap map = Segment(pixels, scaledHeight, scaledWidth, stride ?? Math.Max(1, 2 * size / 3));
        return NearestLabels.Resize(map, height, width);
    }
}
