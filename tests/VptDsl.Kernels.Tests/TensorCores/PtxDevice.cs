using VptDsl.Compiler.Emit.Kernels;
using VptDsl.Compiler.Planning;
using VptDsl.Programs;
using VptDsl.Testing.Ptx;

namespace VptDsl.Kernels.Tests.TensorCores;

/// <summary>The memory of a GPU that is none: launches are read and executed instruction by instruction.</summary>
internal sealed class PtxDevice : IProgramDevice
{
    private float[] _memory = [];

    public Device Device => throw new NotSupportedException();

    public int Batch { get; set; }

    public long ScratchFloats => 0;

    public bool CanStage => false;

    /// <summary>How many times more than need be a launch asked the banks of shared memory.</summary>
    public long BankConflicts { get; private set; }

    public void Reserve(Region region, long floats) => _memory = new float[floats];

    public void Write(Slot destination, ReadOnlySpan<float> source) => source.CopyTo(_memory.AsSpan((int)destination.Offset));

    public void Read(Slot source, Span<float> destination) => _memory.AsSpan((int)source.Offset, destination.Length).CopyTo(destination);

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

        GroupLaunch groups = kernel.Groups!;
        ulong[] arguments =
        [
            (ulong)Batch,
            .. kernel.Sizes.Select(size => (ulong)(size.PerImage ? size.Count * Batch : size.Count)),
            .. kernel.Operands.Select(o => PtxGlobalMemory.Address + ((ulong)places[o.Slot] * sizeof(float))),
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

    private int Count(GroupCount count) => (int)(((count.Items * (count.PerImage ? Batch : 1)) + count.Each - 1) / count.Each);
}
