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
    // Segmentation heads are for squares alone.
    private int Side => Model.ImageSize.Height;

    private int UsualStride => Math.Max(1, 2 * Side / 3);

    /// <summary>Wraps a compiled program.</summary>
    protected SegmentationTuner(Device device, ModelProgram program)
        : base(device, program)
    {
    }

    /// <summary>The class of each pixel of an image of the model's size.</summary>
    /// <param name="image">[channels, height, width], normalised as in training.</param>
    /// <exception cref="ArgumentException">It is not one image of the model's size.</exception>
    public LabelMap Segment(ReadOnlySpan<float> image) => Segment(image, Side, Side, Side);

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
    public LabelMap Segment(ReadOnlySpan<float> image, int height, int width, int stride)
    {
        using ModelAccess.Use use = Access.Read(nameof(Segment));
        return new SlidingSegmentation(Compiled, height, width, stride).Run(image);
    }

    /// <summary>The class of each pixel of an image file, normalised as the task's images were (<see cref="Tuner.Pipeline"/>).</summary>
    /// <param name="path">A JPEG, PNG, WebP, BMP or GIF file.</param>
    /// <param name="stride">Pixels from a window to the next; left out: two thirds of the model's size.</param>
    /// <param name="shortSide">
    /// What the shorter side is brought to before windows slide over the image, the model's size or more. Left out: the image stays as
    /// it is, unless it is smaller than the model's.
    /// </param>
    /// <returns>A map of the file's own size; turned where the pipeline turns images (<see cref="ImagePipeline.Upright"/>).</returns>
    /// <exception cref="InvalidOperationException">The task has no pipeline to take the normalisation from.</exception>
    /// <exception cref="ImageDataException">The file is missing or broken.</exception>
    public LabelMap Segment(string path, int? stride = null, int? shortSide = null)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentOutOfRangeException.ThrowIfLessThan(shortSide ?? Side, Side, nameof(shortSide));
        return ReadAndCompute(
            nameof(Segment),
            () => Pipeline ?? throw new InvalidOperationException(
                $"{Model.Name} has no pipeline that says how images are normalised: set Pipeline, or give Segment the pixels."),
            pipeline => ScaledPicture.Read(path, pipeline, shortSide, Side, Interpolation.Bilinear),
            picture =>
            {
                LabelMap map = new SlidingSegmentation(Compiled, picture.Height, picture.Width, stride ?? UsualStride).Run(picture.Pixels);
                return NearestLabels.Resize(map, picture.FileHeight, picture.FileWidth);
            });
    }

    /// <summary><see cref="Segment(string, int?, int?)"/> on another thread, when the device is free.</summary>
    /// <inheritdoc cref="Segment(string, int?, int?)"/>
    /// <param name="path">A JPEG, PNG, WebP, BMP or GIF file.</param>
    /// <param name="stride">Pixels from a window to the next; left out: two thirds of the model's size.</param>
    /// <param name="shortSide">
    /// What the shorter side is brought to before windows slide over the image. Left out: the image stays as it is.
    /// </param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <exception cref="OperationCanceledException">The call was cancelled before it began.</exception>
    public Task<LabelMap> SegmentAsync(
        string path, int? stride = null, int? shortSide = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(path);
        return InQueueAsync(() => Segment(path, stride, shortSide), cancellation);
    }

    /// <summary>
    /// Measures the model on whole pictures, as SETR (Zheng et al., 2021) is measured: windows of the model's size slide over each, the
    /// mean of their logits decides where they overlap, and every pixel of the label maps at their own size counts unless its label is
    /// ignored.
    /// <see cref="Tuner.Evaluate"/> measures what the set's pipeline leaves of each picture, for instance a crop from the middle.
    /// </summary>
    /// <param name="set">Pictures of any size, normalised as their pipeline says. Its crops and mirroring do not happen.</param>
    /// <param name="stride">
    /// Pixels from a window to the next, 1 to the model's size; left out: two thirds of it, as in SETR's settings for ADE20K (341 of 512).
    /// </param>
    /// <param name="shortSide">
    /// What the shorter side of each picture is brought to, the model's size or more. Left out: what the set's pipeline says
    /// (<see cref="ImagePipeline.ResizeShortSide"/>), and without such a step the pictures stay as they are. Where it would be less than
    /// the model's size, it becomes that.
    /// </param>
    /// <param name="cancellation">Stops between two pictures.</param>
    /// <remarks>
    /// What counts are the classes that <see cref="Segment(string, int?, int?)"/> gives at the same stride and scale: a pixel takes the
    /// nearest logits of the scaled picture. mmsegmentation, on which SETR's code builds, resizes the logits bilinearly instead, which
    /// moves the borders between classes a little.
    /// </remarks>
    /// <exception cref="ArgumentException">The set does not fit the model, or a size makes no sense.</exception>
    /// <exception cref="ImageDataException">
    /// An image or a map is missing or broken, or they differ in size; the message names it.
    /// </exception>
    public Evaluation EvaluateSliding(
        SegmentationImages set, int? stride = null, int? shortSide = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(set);
        using ModelAccess.Use use = Access.Evaluate(nameof(EvaluateSliding));
        return new SlidingEvaluation(Compiled, set, stride ?? UsualStride, shortSide, ClassNames).Run(cancellation);
    }
}
