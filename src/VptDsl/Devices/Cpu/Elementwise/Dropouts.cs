namespace VptDsl.Devices.Cpu;

/// <summary>Elements dropped by chance.</summary>
internal static unsafe class Dropouts
{
    /// <summary>y = x · scale, but 0 where chance says so; y may be x. x may have the same rows for all images.</summary>
    /// <param name="workers">The threads.</param>
    /// <param name="rows">Rows of all images.</param>
    /// <param name="columns">Columns.</param>
    /// <param name="noise">Two whole numbers.</param>
    /// <param name="threshold">What a hash must reach for its element to stay, of 2²⁴.</param>
    /// <param name="scale">The factor of what stays.</param>
    /// <param name="x">What to drop from.</param>
    /// <param name="y">What is left.</param>
    public static void Run(CpuWorkers workers, long rows, int columns, float* noise, int threshold, float scale, in Matrix x, in Matrix y)
    {
        var job = new Job
        {
            Split = RowSplit.Of(rows, columns),
            Columns = columns,
            Noise = noise,
            Threshold = threshold,
            Scale = scale,
            Input = x,
            Output = y,
        };
        workers.Run(job.Split.Items, &DropRows, &job);
    }

    private static void DropRows(void* context, int item)
    {
        ref var job = ref *(Job*)context;
        int rowsPerImage = job.Output.RowsPerImage;
        long end = job.Split.End(item);
        for (long row = job.Split.First(item); row < end; row++)
        {
            float* x = job.Input.Row(row), y = job.Output.Row(row);
            int image = (int)(row / rowsPerImage), element = (int)(row % rowsPerImage) * job.Columns;
            for (int column = 0; column < job.Columns; column++, element++)
                y[column] = Chance.Stays(job.Noise[0], job.Noise[1], image, element, job.Threshold) ? x[column] * job.Scale : 0;
        }
    }

    private struct Job
    {
        public RowSplit Split;
        public int Columns;
        public int Threshold;
        public float Scale;
        public float* Noise;
        public Matrix Input;
        public Matrix Output;
    }
}
