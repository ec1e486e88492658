using System.Runtime.CompilerServices;

namespace VptDsl.Devices.Cpu;

/// <summary>Moves heads between two layouts: beside each other in a token's row, and each in a row of its own.</summary>
internal static unsafe class HeadRows
{
    /// <summary>split[token * heads + head] = the head's columns of tokens[token].</summary>
    public static void Split(CpuWorkers workers, long tokens, int heads, int width, in Matrix joined, in Matrix split) =>
        Run(workers, tokens, heads, width, joined, split, isSplit: true);

    /// <summary>The way back.</summary>
    public static void Join(CpuWorkers workers, long tokens, int heads, int width, in Matrix split, in Matrix joined) =>
        Run(workers, tokens, heads, width, joined, split, isSplit: false);

    private static void Run(
        CpuWorkers workers, long tokens, int heads, int width, in Matrix joined, in Matrix split, bool isSplit)
    {
        var job = new Job
        {
            Rows = RowSplit.Of(tokens, heads * width),
            Heads = heads,
            Width = width,
            Joined = joined,
            Split = split,
            IsSplit = isSplit,
        };
        workers.Run(job.Rows.Items, &RunItem, &job);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void RunItem(void* context, int item)
    {
        ref var job = ref *(Job*)context;
        long bytes = job.Width * sizeof(float), end = job.Rows.End(item);
        for (long token = job.Rows.First(item); token < end; token++)
        {
            float* joined = job.Joined.Row(token);
            for (int head = 0; head < job.Heads; head++, joined += job.Width)
            {
                float* row = job.Split.Row((token * job.Heads) + head);
                if (job.IsSplit)
                    Buffer.MemoryCopy(joined, row, bytes, bytes);
                else
                    Buffer.MemoryCopy(row, joined, bytes, bytes);
            }
        }
    }

    private struct Job
    {
        public RowSplit Rows;
        public int Heads;
        public int Width;
        public Matrix Joined;
        public Matrix Split;
        public bool IsSplit;
    }
}
