using System.Numerics;
using System.Runtime.CompilerServices;

namespace VptDsl.Devices.Cpu;

/// <summary>Cross-entropy of logits with one right class a row.</summary>
internal static unsafe class Losses
{
    /// <summary>losses[image] = weights[image] · (log(sum(exp(logits))) - logits[label]).</summary>
    /// <param name="workers">The threads.</param>
    /// <param name="images">Rows of logits.</param>
    /// <param name="classes">Columns of logits.</param>
    /// <param name="logits">[images, classes].</param>
    /// <param name="labels">[images]; whole numbers in 0 .. classes - 1.</param>
    /// <param name="weights">[images]; how much each counts.</param>
    /// <param name="losses">[images].</param>
    public static void CrossEntropy(
        CpuWorkers workers, int images, int classes, in Matrix logits, float* labels, float* weights, float* losses)
    {
        var job = new Job
        {
            Split = RowSplit.Of(images, classes),
            Classes = classes,
            Logits = logits,
            Labels = labels,
            Weights = weights,
            Losses = losses,
        };
        workers.Run(job.Split.Items, &Evaluate, &job);
    }

    /// <summary>dLogits = (softmax(logits) - onehot(label)) * weight * scale; dLogits may be the logits.</summary>
    public static void CrossEntropyGradient(
        CpuWorkers workers, int images, int classes, in Matrix logits, float* labels, float* weights, float scale, in Matrix dLogits)
    {
        var job = new Job
        {
            Split = RowSplit.Of(images, classes),
            Classes = classes,
            Logits = logits,
            Labels = labels,
            Weights = weights,
            Scale = scale,
            Gradient = dLogits,
        };
        workers.Run(job.Split.Items, &Differentiate, &job);
    }

    private static void Evaluate(void* context, int item)
    {
        ref var job = ref *(Job*)context;
        for (long row = job.Split.First(item); row < job.Split.End(item); row++)
        {
            float* logits = job.Logits.Row(row);
            float max = Max(logits, job.Classes);
            float sum = SumExp(logits, max, job.Classes);
            job.Losses[row] = job.Weights[row] * (MathF.Log(sum) - (logits[(int)job.Labels[row]] - max));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Differentiate(void* context, int item)
    {
        ref var job = ref *(Job*)context;
        int classes = job.Classes;
        for (long row = job.Split.First(item); row < job.Split.End(item); row++)
        {
            float* logits = job.Logits.Row(row);
            float* gradient = job.Gradient.Row(row);
            float max = Max(logits, classes);
            float scale = job.Weights[row] * job.Scale;
            float factor = scale / SumExp(logits, max, classes);
            var maxima = Vector.Create(max);
            var factors = Vector.Create(factor);
            int c = 0;
            for (; c <= classes - Lanes.Width; c += Lanes.Width)
            {
                Vector.Store(VectorMath.ExpOrZero(Vector.Load(logits + c) - maxima) * factors, gradient + c);
            }

            if (c < classes)
            {
                var shares = VectorMath.ExpOrZero(Lanes.LoadPart(logits + c, classes - c) - maxima) * factors;
                Lanes.StorePart(shares, gradient + c, classes - c);
            }

            gradient[(int)job.Labels[row]] -= scale;
        }
    }

    /// <summary>The largest logit of a row.</summary>
    internal static float Max(float* logits, int classes)
    {
        float max = logits[0];
        for (int c = 1; c < classes; c++)
        {
            max = Math.Max(max, logits[c]);
        }

        return max;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static float SumExp(float* logits, float max, int classes)
    {
        var maxima = Vector.Create(max);
        var sums = Vector<float>.Zero;
        int c = 0;
        for (; c <= classes - Lanes.Width; c += Lanes.Width)
        {
            sums += VectorMath.Exp(Vector.Load(logits + c) - maxima);
        }

        float sum = Vector.Sum(sums);
        if (c < classes)
        {
            var rest = VectorMath.Exp(Lanes.LoadPart(logits + c, classes - c) - maxima);
            for (int lane = 0; lane < classes - c; lane++)
            {
                sum += rest[lane];
            }
        }

        return sum;
    }

    private struct Job
    {
        public RowSplit Split;
        public int Classes;
        public Matrix Logits;
        public float* Labels;
        public float* Weights;
        public float* Losses;
        public float Scale;
        public Matrix Gradient;
    }
}
