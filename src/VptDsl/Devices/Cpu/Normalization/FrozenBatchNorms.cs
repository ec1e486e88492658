using System.Numerics;
using System.Runtime.CompilerServices;

namespace VptDsl.Devices.Cpu;

/// <summary>Batch normalisation by frozen statistics, folded into the weight and the bias of a convolution.</summary>
internal static unsafe class FrozenBatchNorms
{
    /// <summary>y[r] = weight[r] · gamma[r] / √(variance[r] + epsilon); y may be the weight.</summary>
    public static void Weight(
        CpuWorkers workers, int rows, int columns, in Matrix weight, float* gamma, float* variance, float epsilon, in Matrix y)
    {
        var job = new Job
        {
            Split = RowSplit.Of(rows, columns),
            Columns = columns,
            Left = weight,
            Scale = gamma,
            Variance = variance,
            Epsilon = epsilon,
            Output = y,
        };
        workers.Run(job.Split.Items, &ScaleRows, &job);
    }

    /// <summary>dGamma[r] = the sum of dFolded[r] ⊙ weight[r], divided by √(variance[r] + epsilon).</summary>
    public static void WeightGradient(
        CpuWorkers workers, int rows, int columns, in Matrix dFolded, in Matrix weight, float* variance, float epsilon, float* dGamma)
    {
        var job = new Job
        {
            Split = RowSplit.Of(rows, columns),
            Columns = columns,
            Left = dFolded,
            Right = weight,
            Scale = dGamma,
            Variance = variance,
            Epsilon = epsilon,
        };
        workers.Run(job.Split.Items, &SumRows, &job);
    }

    /// <summary>y = beta - mean · gamma / √(variance + epsilon); beta may be null for zeros.</summary>
    public static void Bias(int count, float* gamma, float* beta, float* mean, float* variance, float epsilon, float* y)
    {
        for (int i = 0; i < count; i++)
        {
            y[i] = (beta is null ? 0 : beta[i]) - (mean[i] * gamma[i] / MathF.Sqrt(variance[i] + epsilon));
        }
    }

    /// <summary>y = x / √(variance + epsilon).</summary>
    public static void Quotient(int count, float* x, float* variance, float epsilon, float* y)
    {
        for (int i = 0; i < count; i++)
        {
            y[i] = x[i] / MathF.Sqrt(variance[i] + epsilon);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ScaleRows(void* context, int item)
    {
        ref var job = ref *(Job*)context;
        long end = job.Split.End(item);
        for (long row = job.Split.First(item); row < end; row++)
        {
            float* weight = job.Left.Row(row), y = job.Output.Row(row);
            var factor = Vector.Create(job.Scale[row] / MathF.Sqrt(job.Variance[row] + job.Epsilon));
            for (int column = 0; column < job.Columns; column += Lanes.Width)
            {
                int lanes = Math.Min(Lanes.Width, job.Columns - column);
                Lanes.Store(Lanes.Load(weight + column, lanes) * factor, y + column, lanes);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void SumRows(void* context, int item)
    {
        ref var job = ref *(Job*)context;
        long end = job.Split.End(item);
        for (long row = job.Split.First(item); row < end; row++)
        {
            float* dFolded = job.Left.Row(row), weight = job.Right.Row(row);
            var sum = Vector<float>.Zero;
            for (int column = 0; column < job.Columns; column += Lanes.Width)
            {
                int lanes = Math.Min(Lanes.Width, job.Columns - column);
                sum = Vector.MultiplyAddEstimate(Lanes.Load(dFolded + column, lanes), Lanes.Load(weight + column, lanes), sum);
            }

            job.Scale[row] = Vector.Sum(sum) / MathF.Sqrt(job.Variance[row] + job.Epsilon);
        }
    }

    private struct Job
    {
        public RowSplit Split;
        public int Columns;
        public float Epsilon;
        public Matrix Left;
        public Matrix Right;
        public float* Scale;
        public float* Variance;
        public Matrix Output;
    }
}
