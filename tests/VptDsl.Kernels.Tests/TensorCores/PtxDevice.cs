using VptDsl.Compiler.Emit.Kernels;
using VptDsl.Compiler.Graph.Operations;
using VptDsl.Compiler.Planning;
using VptDsl.Programs;
using VptDsl.Testing.Ptx;

namespace VptDsl.Kernels.Tests.TensorCores;

/// <summary>The memory of a GPU that is none: launches are read and executed instruction by instruction.</summary>
internal sealed class PtxDevice : IProgramDevice
{
    private const int ScratchAlignment = 64;

    private float[] _memory = [];
    private int _scratch;

    public Device Device => throw new NotSupportedException();

    public int Batch { get; set; }

    public long ScratchFloats => 0;

    public bool CanStage => false;

    /// <summary>How many times more than need be a launch asked the banks of shared memory.</summary>
    public long BankConflicts { get; private set; }

    public void Reserve(Region region, long floats) => _memory = new float[floats];

    public void Write(Slot destination, ReadOnlySpan<float> source) => source.CopyTo(_memory.AsSpan((int)destination.Offset));

    public void Read(Slot source, Span<float> destination) => _memory.AsSpan((int)source.Offset, destination.Length).CopyTo(destination);

    /// <summary>Scratch memory behind all else, in which nothing is.</summary>
    public void ReserveScratch(ScratchSize size)
    {
        _scratch = (_memory.Length + ScratchAlignment - 1) / ScratchAlignment * ScratchAlignment;
        int end = _memory.Length;
        Array.Resize(ref _memory, _scratch + (int)(size.Floats + (size.PerImage * Batch)));
        Array.Fill(_memory, float.NaN, end, _memory.Length - end);
    }

    /// <summary>
    /// Computes what a kernel does that is no PTX of the compiler's: what a gradient's other kernels share, which every device has and
    /// other tests execute.
    /// </summary>
    /// <exception cref="NotSupportedException">It does something else.</exception>
    public void Compute(Kernel kernel, Call call, Slot[] slots)
    {
        (Layout Layout, long Offset)[] operands =
        [
            .. kernel.Operands.Select(o => call.Operands.Zip(slots).Single(p => p.First.Name == o.Slot))
                .Select(p => (p.First.Layout, p.Second.Offset)),
        ];
        if (kernel.Name.Contains("Delta", StringComparison.Ordinal))
            AddUpOutputs(operands[0], operands[1], ((AttentionGradient)call.Operation).Heads, kernel.Scratch!);
        else if (kernel.Summary.EndsWith("adds up the slices.", StringComparison.Ordinal))
            AddUpSlices(operands);
        else
            throw new NotSupportedException($"{kernel.Name} is known to no test.");
    }

    /// <summary>Launches a kernel as the emitted operation does.</summary>
    /// <param name="kernel">The kernel.</param>
    /// <param name="program">What became of it.</param>
    /// <param name="call">What it computes.</param>
    /// <param name="slots">The operands, in the order of the call.</param>
    public void Launch(Kernel kernel, PtxProgram program, Call call, Slot[] slots)
    {
        bool[] isThere = new bool[_memory.Length];
        var places = new Dictionary<string, long>();
        foreach (((string name, Layout layout, _), Slot slot) in call.Operands.Zip(slots))
        {
            places.Add(name, slot.Offset);
            for (int image = 0; image < (layout.Batched ? Batch : 1); image++)
            {
                for (int row = 0; row < layout.Rows; row++)
                    Array.Fill(isThere, true, (int)(slot.Offset + (image * layout.ImageStride) + (row * layout.RowStride)), layout.Columns);
            }
        }

        if (kernel.Scratch is not null)
            Array.Fill(isThere, true, _scratch, _memory.Length - _scratch);
        GroupLaunch groups = kernel.Groups!;
        ulong[] arguments =
        [
            (ulong)Batch,
            .. kernel.Sizes.Select(size => (ulong)(size.PerImage ? size.Count * Batch : size.Count)),
            .. kernel.Operands.Select(o => places[o.Slot]).Concat(kernel.Scratch is null ? [] : [(long)_scratch])
                .Select(place => PtxGlobalMemory.Address + ((ulong)place * sizeof(float))),
        ];
        PtxLaunch launch = PtxLaunch.Run(
            program, new(_memory, isThere), (Count(groups.X), Count(groups.Y), Count(groups.Z)), groups.Threads, arguments);
        BankConflicts += launch.BankConflicts;
    }

    public TaskMemory AllocateTask(long trained, long statistics) => throw new NotSupportedException();

    public void UseTask(TaskMemory? task) => throw new NotSupportedException();

    public void SetTasks(ReadOnlySpan<TaskImages> tasks) => throw new NotSupportedException();

    public bool NextTask() => throw new NotSupportedException();

    public void Stage(ReadOnlySpan<float> inputs) => throw new NotSupportedException();

    public void TakeStaged() => throw new NotSupportedException();

    public void Update(long first, long count, long decayed, in OptimizerUpdate update) => throw new NotSupportedException();

    public void Combine(Region target, float keep, Region source, float add, long count) => throw new NotSupportedException();

    public double SumOfSquares(Region region, long count) => throw new NotSupportedException();

    public void Dispose()
    {
    }

    private void AddUpOutputs((Layout Layout, long Offset) dOutput, (Layout Layout, long Offset) output, int heads, ScratchSize scratch)
    {
        (int rows, int width) = (output.Layout.Rows, output.Layout.Columns / heads);
        long start = _scratch + (scratch.PerImage > 0 ? scratch.Floats : scratch.Floats - (rows * heads));
        for (int image = 0; image < (output.Layout.Batched ? Batch : 1); image++)
        {
            for (int row = 0; row < rows; row++)
            {
                for (int head = 0; head < heads; head++)
                {
                    double sum = Enumerable.Range(head * width, width)
                        .Sum(column => (double)Element(dOutput, image, row, column) * Element(output, image, row, column));
                    _memory[start + (((image * rows) + row) * heads) + head] = (float)sum;
                }
            }
        }
    }

    private void AddUpSlices((Layout Layout, long Offset)[] gradients)
    {
        int most = TiledAttentionGradientKernel.MostSlices;
        for (int i = 0; i < gradients.Length; i++)
        {
            Layout layout = gradients[i].Layout;
            int count = layout.Rows * layout.Columns;
            for (int element = 0; element < count; element++)
            {
                Element(gradients[i], 0, element / layout.Columns, element % layout.Columns) =
                    Enumerable.Range(i * most, Math.Min(most, Batch)).Sum(slice => _memory[_scratch + (slice * count) + element]);
            }
        }
    }

    private ref float Element((Layout Layout, long Offset) operand, int image, int row, int column) =>
        ref _memory[operand.Offset + (image * operand.Layout.ImageStride) + (row * operand.Layout.RowStride) + column];

    private int Count(GroupCount count)
    {
        long groups = ((count.Items * (count.PerImage ? Batch : 1)) + count.Each - 1) / count.Each;
        return (int)Math.Min(groups, count.Most ?? groups);
    }
}
