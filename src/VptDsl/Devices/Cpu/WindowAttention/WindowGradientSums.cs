namespace VptDsl.Devices.Cpu;

/// <summary>
/// A gradient that windows add to: of prompts or of position biases. Where images share the operand, each has a sum of its own until
/// all are added, in order.
/// </summary>
/// <param name="operand">What is differentiated.</param>
/// <param name="gradient">Where its gradient goes; absent if it is not wanted.</param>
/// <param name="rows">Its rows.</param>
/// <param name="columns">Its columns.</param>
/// <param name="images">The number of images.</param>
internal unsafe struct WindowGradientSums(in Matrix operand, in Matrix gradient, int rows, int columns, int images)
{
    private readonly Matrix _gradient = gradient;
    private readonly bool _isShared = gradient.IsPresent && operand.ImageStride == 0 && images > 1;
    private Matrix _sums = gradient;

    /// <summary>Whether it is wanted.</summary>
    public readonly bool IsWanted => _gradient.IsPresent;

    /// <summary>Floats of memory that the images' sums need.</summary>
    public readonly long Floats => _isShared ? CpuWorkers.RoundUp((long)images * rows * columns) : 0;

    /// <summary>Takes memory for the images' sums, from <paramref name="memory"/> on.</summary>
    public void Take(ref float* memory)
    {
        if (_isShared)
        {
            _sums = new Matrix(memory, rows, (long)rows * columns, columns);
            memory += Floats;
        }
    }

    /// <summary>Where an image's sum goes, from a column on.</summary>
    public readonly Matrix Place(int image, int column) => _sums.RowsOf(image, column);

    /// <summary>Adds the images' sums.</summary>
    public readonly void AddImages(CpuWorkers workers)
    {
        if (_isShared)
        {
            Sums.OverImages(workers, images, rows, columns, _sums, _gradient);
        }
    }
}
