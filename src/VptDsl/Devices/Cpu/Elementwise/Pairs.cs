using VptDsl.Common;

namespace VptDsl.Devices.Cpu;

/// <summary>Each two neighbouring floats of a row, rounded to bfloat16, as one float's bits; and back.</summary>
internal static unsafe class Pairs
{
    /// <summary>Packs rows.</summary>
    /// <param name="workers">The threads.</param>
    /// <param name="rows">The rows of all images.</param>
    /// <param name="pairs">The columns of what is packed: half as many as the floats have.</param>
    /// <param name="x">The floats.</param>
    /// <param name="packed">Takes the pairs, the first float of each in the lower half. It shares no memory with the floats.</param>
    public static void Pack(CpuWorkers workers, long rows, int pairs, in Matrix x, in Matrix packed)
    {
        var job = new Job { Split = RowSplit.Of(rows, 2 * pairs), Pairs = pairs, Floats = x, Packed = packed };
        workers.Run(job.Split.Items, &PackRows, &job);
    }

    /// <summary>Unpacks rows.</summary>
    /// <param name="workers">The threads.</param>
    /// <param name="rows">The rows of all images.</param>
    /// <param name="pairs">The columns of what is packed.</param>
    /// <param name="packed">The pairs.</param>
    /// <param name="x">Takes the floats, twice as many columns.</param>
    public static void Unpack(CpuWorkers workers, long rows, int pairs, in Matrix packed, in Matrix x)
    {
        var job = new Job { Split = RowSplit.Of(rows, 2 * pairs), Pairs = pairs, Floats = x, Packed = packed };
        workers.Run(job.Split.Items, &UnpackRows, &job);
    }

    private static void PackRows(void* context, int item)
    {
        ref var job = ref *(Job*)context;
        int columns = 2 * job.Pairs;
        long end = job.Split.End(item);
        for (long row = job.Split.First(item); row < end; row++)
        {
            BFloat16.Pack(new(job.Floats.Row(row), columns), new(job.Packed.Row(row), columns));
        }
    }

    private static void UnpackRows(void* context, int item)
    {
        ref var job = ref *(Job*)context;
        int columns = 2 * job.Pairs;
        long end = job.Split.End(item);
        for (long row = job.Split.First(item); row < end; row++)
        {
            BFloat16.Unpack(new(job.Packed.Row(row), columns), new(job.Floats.Row(row), columns));
        }
    }

    private struct Job
    {
        public RowSplit Split;
        public int Pairs;
        public Matrix Floats;
        public Matrix Packed;
    }
}
