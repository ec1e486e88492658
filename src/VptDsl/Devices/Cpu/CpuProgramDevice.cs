using VptDsl.Devices.Sharing;
using VptDsl.Programs;

namespace VptDsl.Devices.Cpu;

/// <summary>The CPU's side of a generated program: memory, and the routines that generated operations call.</summary>
/// <remarks>
/// Each family's operations are in a file of its own, one method each. Generated code supplies operands with their dimensions, inputs
/// before outputs, then attributes, then what a product's epilogue has.
/// </remarks>
public abstract unsafe partial class CpuProgramDevice(CpuDevice device) : IProgramDevice
{
    private readonly DeviceLease _lease = device.Lease();
    private readonly CpuMemory?[] _regions = new CpuMemory?[Enum.GetValues<Region>().Length];
    private readonly PackedWeights _packedWeights = new();
    private readonly TaskCursor _tasks = new();
    private double[] _partialSums = [];

    /// <inheritdoc/>
    public Device Device => device;

    /// <inheritdoc/>
    public int Batch
    {
        get => _tasks.Images;
        set
        {
            _tasks.Batch = value;
            _packedWeights.Begin(value);
        }
    }

    /// <inheritdoc/>
    public TaskMemory AllocateTask(long trained, long statistics) => new CpuTaskMemory(trained, statistics);

    /// <inheritdoc/>
    public void UseTask(TaskMemory? task) => _tasks.Read(task);

    /// <inheritdoc/>
    public void SetTasks(ReadOnlySpan<TaskImages> tasks) => _tasks.SetTasks(tasks);

    /// <inheritdoc/>
    public bool NextTask() => _tasks.Next();

    /// <summary>None: a worker has memory of its own, whose size the number of workers decides.</summary>
    public long ScratchFloats => 0;

    private CpuWorkers Workers => device.Workers;

    /// <inheritdoc/>
    public void Reserve(Region region, long floats)
    {
        ref CpuMemory? memory = ref _regions[(int)region];
        if (memory is not null && memory.Count >= floats)
            return;
        if (region == Region.Weights)
            _packedWeights.Clear();
        memory?.Dispose();
        memory = null;
        memory = new CpuMemory(floats);
    }

    /// <inheritdoc/>
    public void Write(Slot destination, ReadOnlySpan<float> source)
    {
        if (destination.Region == Region.Weights)
            _packedWeights.Clear();
        source.CopyTo(new Span<float>(Pointer(destination, source.Length), source.Length));
    }

    /// <inheritdoc/>
    public void Read(Slot source, Span<float> destination) =>
        new Span<float>(Pointer(source, destination.Length), destination.Length).CopyTo(destination);

    /// <inheritdoc/>
    public void Update(long first, long count, long decayed, in OptimizerUpdate update)
    {
        if (decayed > 0)
            UpdateRun(first, decayed, update, update.WeightDecay);
        if (decayed < count)
            UpdateRun(first + decayed, count - decayed, update, weightDecay: 0);
    }

    /// <inheritdoc/>
    public void Combine(Region target, float keep, Region source, float add, long count) =>
        Combinations.Combine(Workers, count, Pointer(new(target, 0), count), keep, Pointer(new(source, 0), count), add);

    /// <inheritdoc/>
    public double SumOfSquares(Region region, long count)
    {
        if (_partialSums.Length < Combinations.Items(count))
            _partialSums = new double[Combinations.Items(count)];
        return Combinations.SumOfSquares(Workers, count, Pointer(new(region, 0), count), _partialSums);
    }

    /// <summary>False: a copy would take the cores from what they compute.</summary>
    public bool CanStage => false;

    /// <inheritdoc/>
    /// <exception cref="NotSupportedException">Always.</exception>
    public void Stage(ReadOnlySpan<float> inputs) => throw new NotSupportedException("The CPU stages no batches.");

    /// <inheritdoc/>
    /// <exception cref="NotSupportedException">Always.</exception>
    public void TakeStaged() => throw new NotSupportedException("The CPU stages no batches.");

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (CpuMemory? memory in _regions)
            memory?.Dispose();
        Array.Clear(_regions);
        _packedWeights.Dispose();
        _lease.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>A matrix for each image of the batch.</summary>
    protected static MatrixOperand PerImage(Slot slot, int rows, int columns) =>
        new(slot, true, rows, columns, columns, (long)rows * columns);

    /// <summary>A matrix for each image of the batch, part of a larger one.</summary>
    protected static MatrixOperand PerImage(Slot slot, int rows, int columns, long rowStride, long imageStride) =>
        new(slot, true, rows, columns, rowStride, imageStride);

    /// <summary>A matrix that all images share.</summary>
    protected static MatrixOperand Shared(Slot slot, int rows, int columns) => new(slot, false, rows, columns, columns, 0);

    /// <summary>A matrix that all images share, part of a larger one.</summary>
    protected static MatrixOperand Shared(Slot slot, int rows, int columns, long rowStride) =>
        new(slot, false, rows, columns, rowStride, 0);

    /// <summary>
    /// A matrix that all images share and memory holds in bfloat16, each two neighbouring columns in the place of one float: a product's
    /// right factor.
    /// </summary>
    protected static MatrixOperand SharedPairs(Slot slot, int rows, int columns) =>
        new(slot, false, rows, columns, columns / 2, 0, inPairs: true);

    private void UpdateRun(long start, long count, in OptimizerUpdate update, float weightDecay)
    {
        float* parameters = Pointer(new(Region.Trained, start), count), gradients = Pointer(new(Region.Gradients, start), count);
        float* first = Pointer(new(Region.FirstMoments, start), count);
        if (update.Kind == OptimizerKind.Sgd)
        {
            Optimizers.Sgd(Workers, count, parameters, gradients, first, update.LearningRate, update.Momentum, weightDecay);
        }
        else
        {
            float* second = Pointer(new(Region.SecondMoments, start), count);
            Optimizers.AdamW(
                Workers, count, parameters, gradients, first, second, update.LearningRate, update.Momentum, update.SecondBeta,
                update.Epsilon, weightDecay, update.Number);
        }
    }

    private float* Pointer(Slot slot, long count)
    {
        CpuMemory? memory = (_tasks.Task as CpuTaskMemory)?.Of(slot) ?? _regions[(int)slot.Region];
        if (memory is null || slot.Offset < 0 || count < 0 || slot.Offset + count > memory.Count)
            throw new InvalidOperationException($"{slot.Region} has {memory?.Count ?? 0} floats; {count} were asked for at {slot.Offset}.");
        return memory.Data + slot.Offset;
    }

    private int ImagesOf(in MatrixOperand operand) => operand.IsBatched ? Batch : 1;

    /// <summary>The rows of all images.</summary>
    private long RowsOf(in MatrixOperand operand) => (long)ImagesOf(operand) * operand.Rows;

    /// <summary>An operand's memory, checked to lie in its region; without a batch it serves every image alike.</summary>
    private Matrix At(in MatrixOperand operand)
    {
        if (!operand.IsPresent)
            return default;
        long extent = ((operand.Rows - 1) * operand.RowStride) + (operand.InPairs ? operand.Columns / 2 : operand.Columns);
        Slot first = operand.Slot;
        if (operand.IsBatched)
        {
            extent += (Batch - 1) * operand.ImageStride;
            first = first with { Offset = first.Offset + (_tasks.First * operand.ImageStride) };
        }

        return new Matrix(Pointer(first, extent), operand.Rows, operand.ImageStride, operand.RowStride);
    }

    /// <summary>The memory of a dense row.</summary>
    private float* RowAt(in MatrixOperand operand) => operand.IsPresent ? At(operand).Data : null;
}
