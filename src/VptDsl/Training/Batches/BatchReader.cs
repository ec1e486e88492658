using VptDsl.Data;
using VptDsl.Programs;

namespace VptDsl.Training.Batches;

/// <summary>Reads batches on the calling thread, when they are asked for: for images that cost nothing to read.</summary>
internal sealed class BatchReader : IBatchReader
{
    private readonly SampleReader _samples;
    private readonly float[] _images;
    private readonly int[] _labels;
    private int _count;

    /// <summary>Prepares to read a set.</summary>
    /// <param name="source">The set.</param>
    /// <param name="largestBatch">The most images a batch will have.</param>
    /// <param name="transforms">Augmentation; none for evaluation.</param>
    /// <param name="seed">The seed of the augmentation.</param>
    /// <param name="augments">Whether the set's own augmentation takes part: in training.</param>
    public BatchReader(
        IImageSource source, int largestBatch, IReadOnlyList<IImageTransform> transforms, long seed, bool augments = false)
    {
        _samples = new SampleReader(source, transforms, seed, augments);
        _images = new float[checked(largestBatch * source.Shape.Floats)];
        _labels = new int[checked(largestBatch * source.LabelsPerImage)];
    }

    /// <inheritdoc/>
    public Span<float> Images => _images.AsSpan(0, _count * _samples.Shape.Floats);

    /// <inheritdoc/>
    public ReadOnlySpan<int> Labels => _labels.AsSpan(0, _count * _samples.LabelsPerImage);

    /// <inheritdoc/>
    public void Announce(ReadOnlySpan<int> indices, int epoch)
    {
    }

    /// <inheritdoc/>
    public void Read(ReadOnlySpan<int> indices, int epoch)
    {
        _count = indices.Length;
        int floats = _samples.Shape.Floats, labels = _samples.LabelsPerImage;
        for (int i = 0; i < indices.Length; i++)
            _samples.Read(indices[i], epoch, _images.AsSpan(i * floats, floats), _labels.AsSpan(i * labels, labels));
    }

    /// <inheritdoc/>
    public void CopyLabels(int index, Span<int> labels) => _samples.CopyLabels(index, labels);

    /// <inheritdoc/>
    public void SendTo(ModelProgram program) => program.SetBatch(Images, Labels);

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
