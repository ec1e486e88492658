using System.Numerics;
using System.Runtime.CompilerServices;

namespace VptDsl.Devices.Cpu;

/// <summary>Blends of two matrices by a share of the first, and the share's gradient.</summary>
internal static unsafe class Blends
{
    // Enough for a many-core machine, few enough for the partial sums to stay small.
    private const int MostParts = 32;

    /// <summary>The logistic function, 1 / (1 + exp(-x)).</summary>
    public static float Logistic(float x) => 1 / (1 + MathF.Exp(-x));

    /// <summary>c = share * a + (1 - share) * b; c may be a or b.</summary>
    public static void Blend(CpuWorkers workers, long rows, int columns, float share, in Matrix a, in Matrix b, in Matrix c) =>
        RowMap.Run<BlendFunction>(workers, rows, columns, a, b, share, c);

    /// <summary>sums[column] = the sum over all rows of dy * (a - b).</summary>
    public static void Sums(CpuWorkers workers, long rows, int columns, in Matrix dy, in Matrix a, in Matrix b, float* sums)
    {
        var job = new Job
        {
            Split = RowSplit.Of(rows, columns, MostParts),
            Columns = columns,
            Gradient = dy,
            Left = a,
            Right = b,
            Sums = sums,
        };
        int parts = job.Split.Items;
        if (parts > 1)
        {
            job.Sums = workers.Shared((long)parts * columns);
        }

        workers.Run(parts, &SumRows, &job);
        if (parts > 1)
        {
            Cpu.Sums.AddParts(job.Sums, parts, columns, columns, sums);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void SumRows(void* context, int item)
    {
        ref var job = ref *(Job*)context;
        float* sums = job.Sums + ((long)item * job.Columns);
        new Span<float>(sums, job.Columns).Clear();
        long end = job.Split.End(item);
        for (long row = job.Split.First(item); row < end; row++)
        {
            float* gradient = job.Gradient.Row(row), left = job.Left.Row(row), right = job.Right.Row(row);
            for (int column = 0; column < job.Columns; column += Lanes.Width)
            {
                int lanes = Math.Min(Lanes.Width, job.Columns - column);
                var sum = Vector.MultiplyAddEstimate(
                    Lanes.Load(gradient + column, lanes),
                    Lanes.Load(left + column, lanes) - Lanes.Load(right + column, lanes),
                    Lanes.Load(sums + column, lanes));
                Lanes.Store(sum, sums + column, lanes);
            }
        }
    }

    private readonly struct BlendFunction : IElementFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector<float> Apply(Vector<float> left, Vector<float> right, Vector<float> number) =>
            (left * number) + (right * (Vector<float>.One - number));
    }

    private struct Job
    {
        public RowSplit Split;
        public int Columns;
        public Matrix Gradient;
        public Matrix Left;
        public Matrix Right;
        public float* Sums;
    }
}
