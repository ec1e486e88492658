namespace VptDsl.Devices.Cpu;

/// <summary>
/// Biases by relative position: from a table, [positions, heads], to all pairs of tokens, a row for each query and the heads side by side
/// with a column for each key, and the sums back.
/// </summary>
internal static unsafe class RelativeBiases
{
    /// <summary>bias[query, head * tokens + key] = table[the pair's position, head], or 0 where it has none.</summary>
    public static void Expand(CpuWorkers workers, RelativePlaces places, int heads, in Matrix table, in Matrix bias)
    {
        var job = new Job
        {
            Places = places,
            Heads = heads,
            Table = table,
            Bias = bias,
            Split = RowSplit.Of(places.Tokens, heads * places.Tokens),
        };
        workers.Run(job.Split.Items, &ExpandRows, &job);
    }

    /// <summary>table[position, head] = the sum over the pairs at that position, in order.</summary>
    public static void Collect(CpuWorkers workers, RelativePlaces places, int heads, in Matrix bias, in Matrix table)
    {
        var job = new Job
        {
            Places = places,
            Heads = heads,
            Table = table,
            Bias = bias,
            Sums = workers.Scratch(places.Positions, out long stride),
            SumStride = stride,
        };
        workers.Run(heads, &CollectHead, &job);
    }

    private static void ExpandRows(void* context, int item)
    {
        ref var job = ref *(Job*)context;
        int tokens = job.Places.Tokens;
        long end = job.Split.End(item);
        for (long query = job.Split.First(item); query < end; query++)
        {
            float* row = job.Bias.Row(query);
            for (int key = 0; key < tokens; key++)
            {
                int position = job.Places.Position((int)query, key);
                for (int head = 0; head < job.Heads; head++)
                {
                    row[(head * tokens) + key] = position < 0 ? 0 : job.Table.Row(position)[head];
                }
            }
        }
    }

    private static void CollectHead(void* context, int head)
    {
        ref var job = ref *(Job*)context;
        int tokens = job.Places.Tokens;
        float* sums = job.Sums + (CpuWorkers.Current * job.SumStride);
        new Span<float>(sums, job.Places.Positions).Clear();
        for (int query = 0; query < tokens; query++)
        {
            float* terms = job.Bias.Row(query) + (head * tokens);
            for (int key = 0; key < tokens; key++)
            {
                int position = job.Places.Position(query, key);
                if (position >= 0)
                {
                    sums[position] += terms[key];
                }
            }
        }

        for (int position = 0; position < job.Places.Positions; position++)
        {
            job.Table.Row(position)[head] = sums[position];
        }
    }

    private struct Job
    {
        public RelativePlaces Places;
        public int Heads;
        public Matrix Table;
        public Matrix Bias;
        public RowSplit Split;
        public float* Sums;
        public long SumStride;
    }
}
