namespace VptDsl.Devices.Cpu;

/// <summary>Joins each 2 x 2 neighbouring rows of a square grid side by side, and parts them again.</summary>
internal static unsafe class Neighbours
{
    /// <summary>
    /// Copies between tokens [side * side, width] and merged tokens [side * side / 4, 4 * width], whose columns are those of the upper
    /// left, lower left, upper right and lower right token.
    /// </summary>
    /// <param name="workers">The threads.</param>
    /// <param name="images">The number of images.</param>
    /// <param name="side">Tokens on a side, even.</param>
    /// <param name="width">Columns of a token.</param>
    /// <param name="tokens">The tokens, row by row of the grid.</param>
    /// <param name="merged">The merged tokens.</param>
    /// <param name="split">Whether to copy from the merged tokens to the others.</param>
    public static void Copy(CpuWorkers workers, int images, int side, int width, in Matrix tokens, in Matrix merged, bool split)
    {
        var job = new Job
        {
            Split = RowSplit.Of((long)images * side, side * width),
            Side = side,
            Width = width,
            Tokens = tokens,
            Merged = merged,
            ToTokens = split,
        };
        workers.Run(job.Split.Items, &CopyRows, &job);
    }

    // A row of the split is a row of an image's grid.
    private static void CopyRows(void* context, int item)
    {
        ref var job = ref *(Job*)context;
        int half = job.Side / 2;
        long end = job.Split.End(item);
        for (long line = job.Split.First(item); line < end; line++)
        {
            long mergedLine = line / 2 * half;
            for (int x = 0; x < job.Side; x++)
            {
                float* token = job.Tokens.Row((line * job.Side) + x);
                float* merged = job.Merged.Row(mergedLine + (x / 2)) + (((x % 2 * 2) + (line % 2)) * job.Width);
                float* source = job.ToTokens ? merged : token;
                new ReadOnlySpan<float>(source, job.Width).CopyTo(new Span<float>(job.ToTokens ? token : merged, job.Width));
            }
        }
    }

    private struct Job
    {
        public RowSplit Split;
        public int Side;
        public int Width;
        public Matrix Tokens;
        public Matrix Merged;
        public bool ToTokens;
    }
}
