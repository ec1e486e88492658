namespace VptDsl.Data;

/// <summary>
/// A set of labelled images of one shape, read by index: memory, a folder, a part of another set. An image has one label, its class,
/// or a label map, the class of each of its pixels; or it has any number of classes (<see cref="IsMultiLabel"/>).
/// </summary>
/// <remarks>
/// Implementations give the same image for the same index every time (augmentation happens later, see <see cref="IImageTransform"/>)
/// and allow reads from several threads at once.
/// </remarks>
public interface IImageSource
{
    /// <summary>The number of images.</summary>
    public int Count { get; }

    /// <summary>The shape of every image.</summary>
    public ImageShape Shape { get; }

    /// <summary>The name of each class; its position is the class's label.</summary>
    public IReadOnlyList<string> ClassNames { get; }

    /// <summary>The class of an image, in [0, number of class names); 0 where images have label maps or several classes.</summary>
    /// <param name="index">In [0, <see cref="Count"/>).</param>
    public int Label(int index);

    /// <summary>
    /// Whether an image can have several classes, or none: its labels are one for each class name, 1 where it has the class, else 0.
    /// </summary>
    public bool IsMultiLabel => false;

    /// <summary>Labels of an image: 1, one for each pixel where images have label maps, or one for each class.</summary>
    public int LabelsPerImage => 1;

    /// <summary>Writes the labels of an image.</summary>
    /// <param name="index">In [0, <see cref="Count"/>).</param>
    /// <param name="labels">
    /// <see cref="LabelsPerImage"/> of them: the class; or [height, width] classes, with the model's ignored label where a pixel has none;
    /// or 1 and 0 for each class.
    /// </param>
    public void CopyLabels(int index, Span<int> labels) => labels[0] = Label(index);

    /// <summary>Writes an image, normalised and ready for a model.</summary>
    /// <param name="index">In [0, <see cref="Count"/>).</param>
    /// <param name="destination">[channels, height, width]; its length is the shape's number of elements.</param>
    public void CopyImage(int index, Span<float> destination);
}
