using System.Numerics;
using System.Runtime.CompilerServices;

namespace VptDsl.Devices.Cpu;

/// <summary>Arithmetic with a number for each column, and means of rows.</summary>
internal static unsafe class Channels
{
    // Enough for a many-core machine, few enough for the partial sums to stay small.
    private const int MostParts = 32;

    /// <summary>y = x ⊙ gamma + residual; y may be x or the residual, which may be absent.</summary>
    public static void Scale(CpuWorkers workers, long rows, int columns, in Matrix x, float* gamma, in Matrix residual, in Matrix y)
    {
        var job = new Job
        {
            Split = RowSplit.Of(rows, columns),
            Columns = columns,
            Left = x,
            Right = residual,
            Row = gamma,
            Output = y,
        };
        workers.Run(job.Split.Items, &ScaleRows, &job);
    }

    /// <summary>
    /// y = x · scale + shift, with numbers for each channel, which is <paramref name="rowsOfChannel"/> rows of an image; y may be x.
    /// </summary>
    public static void Affine(
        CpuWorkers workers, long rows, int columns, int rowsOfChannel, in Matrix x, float* scales, float* shifts, in Matrix y)
    {
        var job = new Job
        {
            Split = RowSplit.Of(rows, columns),
            Rows = rowsOfChannel,
            Columns = columns,
            Left = x,
            Row = scales,
            Shifts = shifts,
            Output = y,
        };
        workers.Run(job.Split.Items, &ScaleAndShiftRows, &job);
    }

    /// <summary>sums[column] = the sum over all rows of a ⊙ b.</summary>
    public static void SumOfProducts(CpuWorkers workers, long rows, int columns, in Matrix a, in Matrix b, float* sums)
    {
        var job = new Job
        {
            Split = RowSplit.Of(rows, columns, MostParts),
            Columns = columns,
            Left = a,
            Right = b,
            Row = sums,
        };
        int parts = job.Split.Items;
        if (parts > 1)
        {
            job.Row = workers.Shared((long)parts * columns);
        }

        workers.Run(parts, &SumProducts, &job);
        if (parts > 1)
        {
            Sums.AddParts(job.Row, parts, columns, columns, sums);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ScaleRows(void* context, int item)
    {
        ref var job = ref *(Job*)context;
        long end = job.Split.End(item);
        for (long row = job.Split.First(item); row < end; row++)
        {
            float* x = job.Left.Row(row), residual = job.Right.IsPresent ? job.Right.Row(row) : null, y = job.Output.Row(row);
            for (int column = 0; column < job.Columns; column += Lanes.Width)
            {
                int lanes = Math.Min(Lanes.Width, job.Columns - column);
                var value = Lanes.Load(x + column, lanes) * Lanes.Load(job.Row + column, lanes);
                if (residual is not null)
                {
                    value += Lanes.Load(residual + column, lanes);
                }

                Lanes.Store(value, y + column, lanes);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ScaleAndShiftRows(void* context, int item)
    {
        ref var job = ref *(Job*)context;
        long end = job.Split.End(item);
        for (long row = job.Split.First(item); row < end; row++)
        {
            long channel = row % job.Left.RowsPerImage / job.Rows;
            var scale = Vector.Create(job.Row[channel]);
            var shift = Vector.Create(job.Shifts[channel]);
            float* x = job.Left.Row(row), y = job.Output.Row(row);
            for (int column = 0; column < job.Columns; column += Lanes.Width)
            {
                int lanes = Math.Min(Lanes.Width, job.Columns - column);
                Lanes.Store((Lanes.Load(x + column, lanes) * scale) + shift, y + column, lanes);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void SumProducts(void* context, int item)
    {
        ref var job = ref *(Job*)context;
        float* sums = job.Row + ((long)item * job.Columns);
        new Span<float>(sums, job.Columns).Clear();
        long end = job.Split.End(item);
        for (long row = job.Split.First(item); row < end; row++)
        {
            float* left = job.Left.Row(row), right = job.Right.Row(row);
            for (int column = 0; column < job.Columns; column += Lanes.Width)
            {
                int lanes = Math.Min(Lanes.Width, job.Columns - column);
                var sum = Vector.MultiplyAddEstimate(
                    Lanes.Load(left + column, lanes), Lanes.Load(right + column, lanes), Lanes.Load(sums + column, lanes));
                Lanes.Store(sum, sums + column, lanes);
            }
        }
    }

    private struct Job
    {
        public RowSplit Split;
        public int Rows;
        public int Columns;
        public Matrix Left;
        public Matrix Right;
        public float* Row;
        public float* Shifts;
        public Matrix Output;
    }
}
