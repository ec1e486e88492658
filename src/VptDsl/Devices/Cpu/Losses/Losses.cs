using System.Numerics;
using System.Runtime.CompilerServices;

namespace VptDsl.Devices.Cpu;

/// <summary>Cross-entropy of logits with a target for each row: a right class, or several with shares.</summary>
internal static unsafe class Losses
{
    /// <summary>losses[image] = weight · (log(sum(exp(logits))) - target · logits).</summary>
    /// <param name="workers">The threads.</param>
    /// <param name="images">Rows of logits.</param>
    /// <param name="classes">Columns of logits.</param>
    /// <param name="logits">[images, classes].</param>
    /// <param name="targets">[images].</param>
    /// <param name="losses">[images].</param>
    public static void CrossEntropy(
        CpuWorkers workers, int images, int classes, in Matrix logits, Targets targets, float* losses)
    {
        var job = new Job
        {
            Split = RowSplit.Of(images, classes),
            Classes = classes,
            Logits = logits,
            Targets = targets,
            Losses = losses,
        };
        workers.Run(job.Split.Items, &Evaluate, &job);
    }

    /// <summary>dLogits = (softmax(logits) - target) * weight * scale; dLogits may be the logits.</summary>
    public static void CrossEntropyGradient(
        CpuWorkers workers, int images, int classes, in Matrix logits, Targets targets, float scale, in Matrix dLogits)
    {
        var job = new Job
        {
            Split = RowSplit.Of(images, classes),
            Classes = classes,
            Logits = logits,
            Targets = targets,
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
            float score = logits[job.Targets.Label(row)] - max;
            ref Softening softening = ref job.Targets.Softening(row);
            if (!softening.IsNone)
                score = Soften(score, softening, logits, max);
            job.Losses[row] = job.Targets.Weight(row) * (MathF.Log(sum) - score);
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
            float scale = job.Targets.Weight(row) * job.Scale;
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

            ref Softening softening = ref job.Targets.Softening(row);
            if (softening.IsNone)
                gradient[job.Targets.Label(row)] -= scale;
            else
                Subtract(gradient, job.Targets.Label(row), softening, scale);
        }
    }

    /// <summary>The target's mean of the logits, less the largest, of which the label's is known.</summary>
    private static float Soften(float score, in Softening softening, float* logits, float max)
    {
        if (softening.Share > 0)
            score += softening.Share * (logits[(int)softening.Other] - max - score);
        if (softening.Smoothing == 0)
            return score;
        float sum = 0;
        for (int c = 0; c < (int)softening.Classes; c++)
            sum += logits[c] - max;
        return score + (softening.Smoothing * ((sum / softening.Classes) - score));
    }

    /// <summary>Takes a target off the softmax, both times a scale.</summary>
    private static void Subtract(float* gradient, int label, in Softening softening, float scale)
    {
        float kept = scale * (1 - softening.Smoothing), each = scale * softening.Smoothing / Math.Max(softening.Classes, 1);
        gradient[label] -= kept * (1 - softening.Share);
        gradient[(int)softening.Other] -= kept * softening.Share;
        for (int c = 0; c < (int)softening.Classes; c++)
            gradient[c] -= each;
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
        public Targets Targets;
        public float* Losses;
        public float Scale;
        public Matrix Gradient;
    }
}
