namespace VptDsl.Data;

/// <summary>
/// A set that can also give its images changed by chance, in ways that need the original: a crop out of a larger image, for instance.
/// </summary>
/// <remarks>
/// Training reads such a set through <see cref="CopyAugmented(int, Span{float}, ref RandomStream)"/>; measuring reads it through
/// <see cref="IImageSource.CopyImage"/>,
/// which gives the same image every time.
/// </remarks>
public interface IAugmentedSource : IImageSource
{
    /// <summary>Whether chance has any part in it; otherwise both ways of reading give the same.</summary>
    public bool IsAugmented { get; }

    /// <summary>Writes an image changed by chance, normalised and ready for a model. Allows reads from several threads at once.</summary>
    /// <param name="index">In [0, <see cref="IImageSource.Count"/>).</param>
    /// <param name="destination">[channels, height, width]; its length is the shape's number of elements.</param>
    /// <param name="random">The image's own stream in this epoch; every choice must come from it.</param>
    public void CopyAugmented(int index, Span<float> destination, ref RandomStream random);

    /// <summary>Writes an image changed by chance, and its labels. A set with label maps must change them alike.</summary>
    /// <param name="index">In [0, <see cref="IImageSource.Count"/>).</param>
    /// <param name="destination">[channels, height, width]; its length is the shape's number of elements.</param>
    /// <param name="labels">The image's labels, as <see cref="IImageSource.CopyLabels"/> writes them.</param>
    /// <param name="random">The image's own stream in this epoch; every choice must come from it.</param>
    public void CopyAugmented(int index, Span<float> destination, Span<int> labels, ref RandomStream random)
    {
        CopyAugmented(index, destination, ref random);
        CopyLabels(index, labels);
    }
}
