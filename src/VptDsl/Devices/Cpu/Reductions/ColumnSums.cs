using System.Numerics;
using System.Runtime.CompilerServices;

namespace VptDsl.Devices.Cpu;

/// <summary>A function of one element of each of two matrices and of a number of their column.</summary>
internal interface IColumnFunction
{
    /// <summary>Applies the function to a vector of elements.</summary>
    public static abstract Vector<float> Apply(Vector<float> left, Vector<float> right, Vector<float> ofColumn);
}

/// <summary>Sums of a function over all rows, in an order that depends on the size alone.</summary>
internal static unsafe class ColumnSums
{
    // Enough for a many-core machine, few enough for the partial sums to stay small.
    private const int MostParts = 32;

    /// <summary>sums[c] = the sum over all rows of function(left[r, c], right[r, c], ofColumn[c]); the sums may not be ofColumn.</summary>
    public static void Run<TFunction>(
        CpuWorkers workers, long rows, int columns, in Matrix left, in Matrix right, float* ofColumn, float* sums)
        where TFunction : struct, IColumnFunction
    {
        var job = new Job
        {
            Split = RowSplit.Of(rows, columns, MostParts),
            Columns = columns,
            Left = left,
            Right = right,
            OfColumn = ofColumn,
            Sums = sums,
        };
        int parts = job.Split.Items;
        if (parts > 1)
            job.Sums = workers.Shared((long)parts * columns);
        workers.Run(parts, &SumRows<TFunction>, &job);
        if (parts > 1)
            Sums.AddParts(job.Sums, parts, columns, columns, sums);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void SumRows<TFunction>(void* context, int item)
        where TFunction : struct, IColumnFunction
    {
        ref var job = ref *(Job*)context;
        float* sums = job.Sums + ((long)item * job.Columns);
        new Span<float>(sums, job.Columns).Clear();
        long end = job.Split.End(item);
        for (long row = job.Split.First(item); row < end; row++)
        {
            float* left = job.Left.Row(row), right = job.Right.Row(row);
            for (int column = 0; column < job.Columns; column += Lanes.Width)
            {
                int lanes = Math.Min(Lanes.Width, job.Columns - column);
                var term = TFunction.Apply(
                    Lanes.Load(left + column, lanes), Lanes.Load(right + column, lanes), Lanes.Load(job.OfColumn + column, lanes));
                Lanes.Store(Lanes.Load(sums + column, lanes) + term, sums + column, lanes);
            }
        }
    }

    private struct Job
    {
        public RowSplit Split;
        public int Columns;
        public Matrix Left;
        public Matrix Right;
        public float* OfColumn;
        public float* Sums;
    }
}
