using VptDsl.Programs;

namespace VptDsl.Data;

/// <summary>Gathers images into batches, in buffers that are allocated once.</summary>
internal sealed class BatchReader
{
    private const long Purpose = 0x6175676D656E74;
    private readonly IImageSource _source;
    private readonly IReadOnlyList<IImageTransform> _transforms;
    private readonly long _seed;
    private readonly float[] _images;
    private readonly int[] _labels;
    private int _count;

    /// <summary>Prepares to read a set.</summary>
    /// <param name="source">The set.</param>
    /// <param name="largestBatch">The most images a batch will have.</param>
    /// <param name="transforms">Augmentation; none for evaluation.</param>
    /// <param name="seed">The seed of the augmentation.</param>
    public BatchReader(IImageSource source, int largestBatch, IReadOnlyList<IImageTransform> transforms, long seed)
    {
        _source = source;
        _transforms = transforms;
        _seed = seed;
        _images = new float[checked(largestBatch * source.Shape.Floats)];
        _labels = new int[largestBatch];
    }

    /// <summary>The images of the batch read last, [batch, channels, height, width].</summary>
    public ReadOnlySpan<float> Images => _images.AsSpan(0, _count * _source.Shape.Floats);

    /// <summary>Their labels, [batch].</summary>
    public ReadOnlySpan<int> Labels => _labels.AsSpan(0, _count);

    /// <summary>Reads a batch.</summary>
    /// <param name="indices">The images to read.</param>
    /// <param name="epoch">The epoch, which augmentation depends on.</param>
    public void Read(ReadOnlySpan<int> indices, int epoch)
    {
        _count = indices.Length;
        for (int i = 0; i < indices.Length; i++)
            ReadImage(i, indices[i], epoch);
    }

    /// <summary>The label of an image of the set.</summary>
    public int Label(int index) => _source.Label(index);

    /// <summary>Puts the batch read last into a program.</summary>
    public void SendTo(ModelProgram program) => program.SetBatch(Images, Labels);

    private void ReadImage(int position, int index, int epoch)
    {
        int floats = _source.Shape.Floats;
        Span<float> image = _images.AsSpan(position * floats, floats);
        _labels[position] = _source.Label(index);
        _source.CopyImage(index, image);
        if (_transforms.Count == 0)
            return;

        var random = new RandomStream(_seed, Purpose, epoch, index);
        for (int i = 0; i < _transforms.Count; i++)
            _transforms[i].Apply(image, _source.Shape, ref random);
    }
}
