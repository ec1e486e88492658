using System.Runtime.CompilerServices;

namespace VptDsl.Devices.Cpu;

/// <summary>Transposes blocks of matrices: planes of colours to pixels, weights of convolutions to the order of patches.</summary>
internal static unsafe class AxisSwap
{
    // A tile of both operands stays in the first-level cache.
    private const int Tile = 32;

    /// <summary>Elements of x, row by row, are blocks [first, second]; those of y, row by row, the same blocks transposed.</summary>
    /// <param name="workers">The threads.</param>
    /// <param name="images">The number of images, each with all blocks.</param>
    /// <param name="blocks">Blocks of an image.</param>
    /// <param name="first">Rows of a block of x.</param>
    /// <param name="second">Columns of a block of x.</param>
    /// <param name="x">The input.</param>
    /// <param name="xColumns">Columns of the input.</param>
    /// <param name="y">The result.</param>
    /// <param name="yColumns">Columns of the result.</param>
    public static void Run(
        CpuWorkers workers, int images, int blocks, int first, int second, in Matrix x, int xColumns, in Matrix y, int yColumns)
    {
        int tiles = (second + Tile - 1) / Tile;
        var job = new Job
        {
            Split = RowSplit.Of((long)images * blocks * tiles, first * Math.Min(second, Tile)),
            Blocks = blocks,
            Tiles = tiles,
            First = first,
            Second = second,
            X = x,
            XColumns = xColumns,
            Y = y,
            YColumns = yColumns,
            IsDense = x.RowStride == xColumns && y.RowStride == yColumns,
        };
        workers.Run(job.Split.Items, &SwapTiles, &job);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void SwapTiles(void* context, int item)
    {
        ref var job = ref *(Job*)context;
        long end = job.Split.End(item);
        for (long index = job.Split.First(item); index < end; index++)
        {
            long block = index / job.Tiles, image = block / job.Blocks;
            int start = (int)(index - (block * job.Tiles)) * Tile, stop = Math.Min(job.Second, start + Tile);
            long place = (block - (image * job.Blocks)) * job.First * job.Second;
            if (job.IsDense)
            {
                SwapDense(job, job.X.Image(image) + place, job.Y.Image(image) + place, start, stop);
            }
            else
            {
                SwapAnywhere(job, image, place, start, stop);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void SwapDense(in Job job, float* x, float* y, int start, int stop)
    {
        int first = job.First, second = job.Second;
        for (int band = 0; band < first; band += Tile)
        {
            int endOfBand = Math.Min(first, band + Tile);
            for (int column = start; column < stop; column++)
            {
                float* destination = y + ((long)column * first);
                for (int row = band; row < endOfBand; row++)
                {
                    destination[row] = x[((long)row * second) + column];
                }
            }
        }
    }

    private static void SwapAnywhere(in Job job, long image, long place, int start, int stop)
    {
        for (int column = start; column < stop; column++)
        {
            for (int row = 0; row < job.First; row++)
            {
                long from = place + ((long)row * job.Second) + column, to = place + ((long)column * job.First) + row;
                float* source = job.X.Image(image) + (from / job.XColumns * job.X.RowStride) + (from % job.XColumns);
                float* destination = job.Y.Image(image) + (to / job.YColumns * job.Y.RowStride) + (to % job.YColumns);
                *destination = *source;
            }
        }
    }

    private struct Job
    {
        public RowSplit Split;
        public int Blocks;
        public int Tiles;
        public int First;
        public int Second;
        public Matrix X;
        public int XColumns;
        public Matrix Y;
        public int YColumns;
        public bool IsDense;
    }
}
