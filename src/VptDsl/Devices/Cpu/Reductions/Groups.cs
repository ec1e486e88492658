using System.Numerics;
using System.Runtime.CompilerServices;

namespace VptDsl.Devices.Cpu;

/// <summary>Means over groups of an image's rows, and their gradient.</summary>
internal static unsafe class Groups
{
    /// <summary>mean[image, r] = the mean over groups of x[image, group * rows + r].</summary>
    public static void Mean(CpuWorkers workers, int images, int groups, int rows, int columns, in Matrix x, in Matrix mean)
    {
        Job job = JobOf(images, groups, rows, columns, x, mean);
        workers.Run(job.Split.Items, &MeanOfRows, &job);
    }

    /// <summary>x[image, group * rows + r] = mean[image, r] / groups.</summary>
    public static void Spread(CpuWorkers workers, int images, int groups, int rows, int columns, in Matrix mean, in Matrix x)
    {
        Job job = JobOf(images, groups, rows, columns, x, mean);
        workers.Run(job.Split.Items, &SpreadRows, &job);
    }

    private static Job JobOf(int images, int groups, int rows, int columns, in Matrix x, in Matrix mean) => new()
    {
        Split = RowSplit.Of((long)images * rows, columns * groups),
        Groups = groups,
        Rows = rows,
        Columns = columns,
        Whole = x,
        Mean = mean,
    };

    private static void MeanOfRows(void* context, int item)
    {
        ref var job = ref *(Job*)context;
        long end = job.Split.End(item);
        for (long row = job.Split.First(item); row < end; row++)
        {
            float* mean = job.Mean.Row(row);
            Sums.AddParts(job.First(row), job.Groups, job.Rows * job.Whole.RowStride, job.Columns, mean);
            Scale(mean, 1f / job.Groups, job.Columns, mean);
        }
    }

    private static void SpreadRows(void* context, int item)
    {
        ref var job = ref *(Job*)context;
        long end = job.Split.End(item);
        for (long row = job.Split.First(item); row < end; row++)
        {
            float* x = job.First(row);
            for (int group = 0; group < job.Groups; group++)
            {
                Scale(job.Mean.Row(row), 1f / job.Groups, job.Columns, x);
                x += job.Rows * job.Whole.RowStride;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Scale(float* source, float factor, int columns, float* destination)
    {
        for (int c = 0; c < columns; c += Lanes.Width)
        {
            int lanes = Math.Min(Lanes.Width, columns - c);
            Lanes.Store(Lanes.Load(source + c, lanes) * Vector.Create(factor), destination + c, lanes);
        }
    }

    private struct Job
    {
        public RowSplit Split;
        public int Groups;
        public int Rows;
        public int Columns;
        public Matrix Whole;
        public Matrix Mean;

        /// <summary>The row of the first group that goes into a row of the mean.</summary>
        public readonly float* First(long row) => Whole.Row((row / Rows * Rows * Groups) + (row % Rows));
    }
}
