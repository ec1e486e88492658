using System.Numerics;
using System.Runtime.CompilerServices;

namespace VptDsl.Devices.Cpu;

/// <summary>Batch normalisation as it is trained: over all rows of all images.</summary>
internal static unsafe class BatchNorms
{
    /// <summary>Measures each column's mean and variance, normalises by them, and lets the running statistics follow.</summary>
    public static void Forward(CpuWorkers workers, in BatchNormCall call)
    {
        int columns = call.Columns;
        float* mean = workers.Scratch(3L * columns, out _), variance = mean + columns, factor = variance + columns;

        // The mean first: squares of differences lose no digits where the mean is large.
        ColumnSums.Run<LeftElement>(workers, call.Rows, columns, call.Input, call.Input, variance, mean);
        Divide(mean, columns, call.Rows);
        ColumnSums.Run<SquaredDifference>(workers, call.Rows, columns, call.Input, call.Input, mean, variance);
        Divide(variance, columns, call.Rows);
        if (call.Statistics.IsPresent)
        {
            Copy(mean, columns, call.Statistics.Row(0));
            Copy(variance, columns, call.Statistics.Row(1));
        }

        if (call.NextMean is not null)
            Follow(columns, call.Momentum, mean, 1, call.RunningMean, call.NextMean);
        if (call.NextVariance is not null)
        {
            // A single row has no variance to follow.
            float step = call.Rows == 1 ? 0 : call.Momentum, unbiased = call.Rows / (float)Math.Max(1, call.Rows - 1);
            Follow(columns, step, variance, unbiased, call.RunningVariance, call.NextVariance);
        }

        for (int i = 0; i < columns; i++)
            factor[i] = call.Gamma[i] / MathF.Sqrt(variance[i] + call.Epsilon);
        var job = new Job
        {
            Split = RowSplit.Of(call.Rows, columns),
            Columns = columns,
            Left = call.Input,
            Mean = mean,
            Factor = factor,
            Shift = call.Beta,
            Output = call.Output,
        };
        workers.Run(job.Split.Items, &NormalizeRows, &job);
    }

    /// <summary>dGamma = the sum of dy ⊙ (x - mean) / √(variance + epsilon), dBeta = the sum of dy.</summary>
    public static void ParameterGradients(
        CpuWorkers workers, long rows, int columns, in Matrix dy, in Matrix x, float* mean, float* variance, float epsilon, float* dGamma,
        float* dBeta)
    {
        if (dBeta is not null)
            ColumnSums.Run<LeftElement>(workers, rows, columns, dy, dy, mean, dBeta);
        if (dGamma is null)
            return;
        ColumnSums.Run<ProductWithDifference>(workers, rows, columns, dy, x, mean, dGamma);
        for (int i = 0; i < columns; i++)
            dGamma[i] /= MathF.Sqrt(variance[i] + epsilon);
    }

    /// <summary>
    /// dx = gamma / √(variance + epsilon) · (dy - (dBeta + x̂ ⊙ dGamma) / rows), with x̂ the normalised x; dx may be dy.
    /// </summary>
    public static void InputGradient(
        CpuWorkers workers,
        long rows,
        int columns,
        in Matrix dy,
        in Matrix x,
        float* mean,
        float* variance,
        float* gamma,
        float* dGamma,
        float* dBeta,
        float epsilon,
        in Matrix dx)
    {
        float* factor = workers.Scratch(3L * columns, out _), average = factor + columns, slope = average + columns;
        for (int i = 0; i < columns; i++)
        {
            float scale = 1 / MathF.Sqrt(variance[i] + epsilon);
            factor[i] = gamma[i] * scale;
            average[i] = dBeta[i] / rows;
            slope[i] = dGamma[i] * scale / rows;
        }

        var job = new Job
        {
            Split = RowSplit.Of(rows, columns),
            Columns = columns,
            Left = dy,
            Right = x,
            Mean = mean,
            Factor = factor,
            Shift = average,
            Slope = slope,
            Output = dx,
        };
        workers.Run(job.Split.Items, &DifferentiateRows, &job);
    }

    private static void Divide(float* row, int columns, long divisor)
    {
        for (int i = 0; i < columns; i++)
            row[i] /= divisor;
    }

    private static void Copy(float* source, int columns, float* destination) =>
        new ReadOnlySpan<float>(source, columns).CopyTo(new Span<float>(destination, columns));

    /// <summary>next = running + momentum · (measured · correction - running).</summary>
    private static void Follow(int columns, float momentum, float* measured, float correction, float* running, float* next)
    {
        for (int i = 0; i < columns; i++)
            next[i] = running[i] + (momentum * ((measured[i] * correction) - running[i]));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void NormalizeRows(void* context, int item)
    {
        ref var job = ref *(Job*)context;
        long end = job.Split.End(item);
        for (long row = job.Split.First(item); row < end; row++)
        {
            float* x = job.Left.Row(row), y = job.Output.Row(row);
            for (int column = 0; column < job.Columns; column += Lanes.Width)
            {
                int lanes = Math.Min(Lanes.Width, job.Columns - column);
                var difference = Lanes.Load(x + column, lanes) - Lanes.Load(job.Mean + column, lanes);
                var value = Vector.MultiplyAddEstimate(
                    difference, Lanes.Load(job.Factor + column, lanes), Lanes.Load(job.Shift + column, lanes));
                Lanes.Store(value, y + column, lanes);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void DifferentiateRows(void* context, int item)
    {
        ref var job = ref *(Job*)context;
        long end = job.Split.End(item);
        for (long row = job.Split.First(item); row < end; row++)
        {
            float* dy = job.Left.Row(row), x = job.Right.Row(row), dx = job.Output.Row(row);
            for (int column = 0; column < job.Columns; column += Lanes.Width)
            {
                int lanes = Math.Min(Lanes.Width, job.Columns - column);
                var difference = Lanes.Load(x + column, lanes) - Lanes.Load(job.Mean + column, lanes);
                var rest = Lanes.Load(dy + column, lanes) - Lanes.Load(job.Shift + column, lanes)
                    - (difference * Lanes.Load(job.Slope + column, lanes));
                Lanes.Store(rest * Lanes.Load(job.Factor + column, lanes), dx + column, lanes);
            }
        }
    }

    private struct Job
    {
        public RowSplit Split;
        public int Columns;
        public Matrix Left;
        public Matrix Right;
        public float* Mean;
        public float* Factor;
        public float* Shift;
        public float* Slope;
        public Matrix Output;
    }

    private readonly struct LeftElement : IColumnFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector<float> Apply(Vector<float> left, Vector<float> right, Vector<float> ofColumn) => left;
    }

    private readonly struct SquaredDifference : IColumnFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector<float> Apply(Vector<float> left, Vector<float> right, Vector<float> ofColumn) =>
            (left - ofColumn) * (left - ofColumn);
    }

    private readonly struct ProductWithDifference : IColumnFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector<float> Apply(Vector<float> left, Vector<float> right, Vector<float> ofColumn) => left * (right - ofColumn);
    }
}
