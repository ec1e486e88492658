using System.Numerics;
using System.Runtime.CompilerServices;

namespace VptDsl.Devices.Cpu;

/// <summary>Layer normalisation of rows: y = (x - mean) * rstd * gamma + beta, with rstd = 1 / sqrt(variance + eps).</summary>
internal static unsafe class LayerNorms
{
    /// <summary>Normalises rows and keeps each row's mean and rstd in <paramref name="stats"/>, for the backward pass.</summary>
    public static void Forward(
        CpuWorkers workers, long rows, int columns, in Matrix x, float* gamma, float* beta, float eps, in Matrix y, in Matrix stats)
    {
        var job = new Job
        {
            Split = RowSplit.Of(rows, columns),
            Columns = columns,
            Input = x,
            Gamma = gamma,
            Beta = beta,
            Epsilon = eps,
            Output = y,
            Stats = stats,
        };
        workers.Run(job.Split.Items, &Normalize, &job);
    }

    /// <summary>
    /// dx = rstd * (g - mean(g) - xhat * mean(g * xhat)) with g = dy * gamma, plus a residual where there is one; dx may be dy or the
    /// residual.
    /// </summary>
    public static void InputGradient(
        CpuWorkers workers,
        long rows,
        int columns,
        in Matrix dy,
        in Matrix x,
        in Matrix stats,
        float* gamma,
        in Matrix dx,
        Matrix? residual = null)
    {
        var job = new Job
        {
            Split = RowSplit.Of(rows, columns),
            Columns = columns,
            Input = x,
            Gamma = gamma,
            Gradient = dy,
            Residual = residual ?? default,
            Output = dx,
            Stats = stats,
        };
        workers.Run(job.Split.Items, &Differentiate, &job);
    }

    /// <summary>dGamma = sum over rows of dy * xhat, dBeta = sum over rows of dy; either may be null.</summary>
    public static void ParameterGradients(
        CpuWorkers workers, long rows, int columns, in Matrix dy, in Matrix x, in Matrix stats, float* dGamma, float* dBeta)
    {
        const int mostParts = 32;
        var split = RowSplit.Of(rows, columns, mostParts);
        long stride = CpuWorkers.RoundUp(2L * columns);
        var job = new Job
        {
            Split = split,
            Columns = columns,
            Input = x,
            Gradient = dy,
            Stats = stats,
            Parts = workers.Shared(split.Items * stride),
            PartStride = stride,
        };
        workers.Run(split.Items, &SumParameterGradients, &job);
        if (dGamma != null)
        {
            Sums.AddParts(job.Parts, split.Items, stride, columns, dGamma);
        }

        if (dBeta != null)
        {
            Sums.AddParts(job.Parts + columns, split.Items, stride, columns, dBeta);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Normalize(void* context, int item)
    {
        ref var job = ref *(Job*)context;
        int columns = job.Columns;
        long end = job.Split.End(item);
        for (long row = job.Split.First(item); row < end; row++)
        {
            float* x = job.Input.Row(row);
            float* y = job.Output.Row(row);
            float mean = Sum(x, columns) / columns;
            float variance = SumOfSquares(x, mean, columns) / columns;
            float rstd = 1f / MathF.Sqrt(variance + job.Epsilon);
            if (job.Stats.IsPresent)
            {
                float* stats = job.Stats.Row(row);
                stats[0] = mean;
                stats[1] = rstd;
            }

            var means = Vector.Create(mean);
            var rstds = Vector.Create(rstd);
            int c = 0;
            for (; c <= columns - Lanes.Width; c += Lanes.Width)
            {
                var xhat = (Vector.Load(x + c) - means) * rstds;
                Vector.Store(Vector.MultiplyAddEstimate(xhat, Vector.Load(job.Gamma + c), Vector.Load(job.Beta + c)), y + c);
            }

            for (; c < columns; c++)
            {
                y[c] = float.MultiplyAddEstimate((x[c] - mean) * rstd, job.Gamma[c], job.Beta[c]);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Differentiate(void* context, int item)
    {
        ref var job = ref *(Job*)context;
        int columns = job.Columns;
        float* gamma = job.Gamma;
        long end = job.Split.End(item);
        for (long row = job.Split.First(item); row < end; row++)
        {
            float* dy = job.Gradient.Row(row);
            float* x = job.Input.Row(row);
            float* dx = job.Output.Row(row);
            float* residual = job.Residual.IsPresent ? job.Residual.Row(row) : null;
            float* stats = job.Stats.Row(row);
            float mean = stats[0];
            float rstd = stats[1];
            var means = Vector.Create(mean);
            var rstds = Vector.Create(rstd);

            var sums = Vector<float>.Zero;
            var projections = Vector<float>.Zero;
            int c = 0;
            for (; c <= columns - Lanes.Width; c += Lanes.Width)
            {
                var g = Vector.Load(dy + c) * Vector.Load(gamma + c);
                sums += g;
                projections = Vector.MultiplyAddEstimate(g, (Vector.Load(x + c) - means) * rstds, projections);
            }

            float sum = Vector.Sum(sums);
            float projection = Vector.Sum(projections);
            for (; c < columns; c++)
            {
                float g = dy[c] * gamma[c];
                sum += g;
                projection = float.MultiplyAddEstimate(g, (x[c] - mean) * rstd, projection);
            }

            sum /= columns;
            projection /= columns;
            var meanSums = Vector.Create(sum);
            var meanProjections = Vector.Create(projection);
            for (c = 0; c <= columns - Lanes.Width; c += Lanes.Width)
            {
                var xhat = (Vector.Load(x + c) - means) * rstds;
                var g = (Vector.Load(dy + c) * Vector.Load(gamma + c)) - meanSums - (xhat * meanProjections);
                var carried = residual == null ? Vector<float>.Zero : Vector.Load(residual + c);
                Vector.Store(Vector.MultiplyAddEstimate(g, rstds, carried), dx + c);
            }

            for (; c < columns; c++)
            {
                float xhat = (x[c] - mean) * rstd;
                float g = (dy[c] * gamma[c]) - sum - (xhat * projection);
                dx[c] = float.MultiplyAddEstimate(g, rstd, residual == null ? 0f : residual[c]);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void SumParameterGradients(void* context, int item)
    {
        ref var job = ref *(Job*)context;
        int columns = job.Columns;
        float* dGamma = job.Parts + (item * job.PartStride);
        float* dBeta = dGamma + columns;
        new Span<float>(dGamma, 2 * columns).Clear();
        long end = job.Split.End(item);
        for (long row = job.Split.First(item); row < end; row++)
        {
            float* dy = job.Gradient.Row(row);
            float* x = job.Input.Row(row);
            float* stats = job.Stats.Row(row);
            float mean = stats[0];
            float rstd = stats[1];
            var means = Vector.Create(mean);
            var rstds = Vector.Create(rstd);
            int c = 0;
            for (; c <= columns - Lanes.Width; c += Lanes.Width)
            {
                var g = Vector.Load(dy + c);
                var xhat = (Vector.Load(x + c) - means) * rstds;
                Vector.Store(Vector.MultiplyAddEstimate(g, xhat, Vector.Load(dGamma + c)), dGamma + c);
                Vector.Store(g + Vector.Load(dBeta + c), dBeta + c);
            }

            for (; c < columns; c++)
            {
                dGamma[c] = float.MultiplyAddEstimate(dy[c], (x[c] - mean) * rstd, dGamma[c]);
                dBeta[c] += dy[c];
            }
        }
    }

    // Four sums side by side: one alone would wait for each addition.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Sum(float* x, int columns)
    {
        var sum0 = Vector<float>.Zero;
        var sum1 = Vector<float>.Zero;
        var sum2 = Vector<float>.Zero;
        var sum3 = Vector<float>.Zero;
        int c = 0;
        for (; c <= columns - (4 * Lanes.Width); c += 4 * Lanes.Width)
        {
            sum0 += Vector.Load(x + c);
            sum1 += Vector.Load(x + c + Lanes.Width);
            sum2 += Vector.Load(x + c + (2 * Lanes.Width));
            sum3 += Vector.Load(x + c + (3 * Lanes.Width));
        }

        float sum = Vector.Sum(sum0 + sum1 + (sum2 + sum3));
        for (; c < columns; c++)
        {
            sum += x[c];
        }

        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float SumOfSquares(float* x, float mean, int columns)
    {
        var means = Vector.Create(mean);
        var sum0 = Vector<float>.Zero;
        var sum1 = Vector<float>.Zero;
        var sum2 = Vector<float>.Zero;
        var sum3 = Vector<float>.Zero;
        int c = 0;
        for (; c <= columns - (4 * Lanes.Width); c += 4 * Lanes.Width)
        {
            var x0 = Vector.Load(x + c) - means;
            var x1 = Vector.Load(x + c + Lanes.Width) - means;
            var x2 = Vector.Load(x + c + (2 * Lanes.Width)) - means;
            var x3 = Vector.Load(x + c + (3 * Lanes.Width)) - means;
            sum0 = Vector.MultiplyAddEstimate(x0, x0, sum0);
            sum1 = Vector.MultiplyAddEstimate(x1, x1, sum1);
            sum2 = Vector.MultiplyAddEstimate(x2, x2, sum2);
            sum3 = Vector.MultiplyAddEstimate(x3, x3, sum3);
        }

        float sum = Vector.Sum(sum0 + sum1 + (sum2 + sum3));
        for (; c < columns; c++)
        {
            float difference = x[c] - mean;
            sum = float.MultiplyAddEstimate(difference, difference, sum);
        }

        return sum;
    }

    private struct Job
    {
        public RowSplit Split;
        public int Columns;
        public Matrix Input;
        public Matrix Gradient;
        public Matrix Residual;
        public Matrix Output;
        public Matrix Stats;
        public float* Gamma;
        public float* Beta;
        public float Epsilon;
        public float* Parts;
        public long PartStride;
    }
}
