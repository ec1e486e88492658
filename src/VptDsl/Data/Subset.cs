namespace VptDsl.Data;

/// <summary>Some images of another set, in an order of their own.</summary>
public sealed class Subset : IAugmentedSource, IDerivedSource
{
    private readonly IImageSource _source;
    private readonly int[] _indices;

    /// <summary>Chooses images of a set.</summary>
    /// <param name="source">The set. It stays as it is.</param>
    /// <param name="indices">The images' indices there; one may occur more than once.</param>
    /// <exception cref="ArgumentException">An index lies outside the set.</exception>
    public Subset(IImageSource source, ReadOnlySpan<int> indices)
    {
        ArgumentNullException.ThrowIfNull(source);
        foreach (int index in indices)
        {
            if ((uint)index >= (uint)source.Count)
                throw new ArgumentException($"The set has images 0 to {source.Count - 1}, but image {index} was chosen.", nameof(indices));
        }

        _source = source;
        _indices = indices.ToArray();
    }

    /// <inheritdoc/>
    public int Count => _indices.Length;

    /// <inheritdoc/>
    public ImageShape Shape => _source.Shape;

    /// <inheritdoc/>
    public IReadOnlyList<string> ClassNames => _source.ClassNames;

    /// <summary>The indices of the images in the set they come from.</summary>
    public ReadOnlySpan<int> Indices => _indices;

    /// <inheritdoc/>
    public bool IsAugmented => _source.IsAugmented();

    IImageSource IDerivedSource.Source => _source;

    /// <inheritdoc/>
    public int Label(int index) => _source.Label(IndexOf(index));

    /// <inheritdoc/>
    public bool IsMultiLabel => _source.IsMultiLabel;

    /// <inheritdoc/>
    public int LabelsPerImage => _source.LabelsPerImage;

    /// <inheritdoc/>
    public void CopyLabels(int index, Span<int> labels) => _source.CopyLabels(IndexOf(index), labels);

    /// <inheritdoc/>
    public void CopyImage(int index, Span<float> destination) => _source.CopyImage(IndexOf(index), destination);

    /// <inheritdoc/>
    public void CopyAugmented(int index, Span<float> destination, ref RandomStream random) =>
        _source.CopyByChance(IndexOf(index), destination, ref random);

    /// <inheritdoc/>
    public void CopyAugmented(int index, Span<float> destination, Span<int> labels, ref RandomStream random) =>
        _source.CopyByChance(IndexOf(index), destination, labels, ref random);

    /// <summary>How many images, of which shape, of how many classes.</summary>
    public override string ToString() => SetText.Of(this);

    private int IndexOf(int index)
    {
        ImageIndex.Require(index, Count);
        return _indices[index];
    }
}
