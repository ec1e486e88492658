using System.Numerics;
using System.Runtime.CompilerServices;

namespace VptDsl.Devices.Cpu;

/// <summary>Updates of a run of parameters from their gradients.</summary>
internal static unsafe class Optimizers
{
    private const int FloatsPerItem = 16 * 1024;

    /// <summary>SGD with momentum and L2: m = momentum * m + (g + decay * p); p -= rate * m.</summary>
    public static void Sgd(
        CpuWorkers workers, long count, float* p, float* g, float* momentumBuffer, float rate, float momentum, float decay)
    {
        var job = new Job
        {
            Count = count,
            Parameters = p,
            Gradients = g,
            First = momentumBuffer,
            Rate = rate,
            Beta1 = momentum,
            Decay = decay,
        };
        workers.Run(Items(count), &SgdItem, &job);
    }

    /// <summary>
    /// Adam with decoupled decay, in the order of the paper's code (and of early HuggingFace releases):
    /// p -= rate * sqrt(1 - beta2^t) / (1 - beta1^t) * m / (sqrt(v) + epsilon), then p -= rate * decay * p.
    /// </summary>
    /// <param name="workers">The threads.</param>
    /// <param name="count">The number of parameters.</param>
    /// <param name="p">The parameters.</param>
    /// <param name="g">Their gradients.</param>
    /// <param name="m">Their first moments.</param>
    /// <param name="v">Their second moments.</param>
    /// <param name="rate">The learning rate.</param>
    /// <param name="beta1">Decay of the first moments.</param>
    /// <param name="beta2">Decay of the second moments.</param>
    /// <param name="epsilon">Added to the root of the second moment.</param>
    /// <param name="decay">Decoupled weight decay.</param>
    /// <param name="number">t, the number of the update, from 1.</param>
    public static void AdamW(
        CpuWorkers workers,
        long count,
        float* p,
        float* g,
        float* m,
        float* v,
        float rate,
        float beta1,
        float beta2,
        float epsilon,
        float decay,
        int number)
    {
        var job = new Job
        {
            Count = count,
            Parameters = p,
            Gradients = g,
            First = m,
            Second = v,
            Rate = (float)(rate * Math.Sqrt(1 - Math.Pow(beta2, number)) / (1 - Math.Pow(beta1, number))),
            Beta1 = beta1,
            Beta2 = beta2,
            Epsilon = epsilon,
            Decay = rate * decay,
        };
        workers.Run(Items(count), &AdamWItem, &job);
    }

    private static int Items(long count) => (int)((count + FloatsPerItem - 1) / FloatsPerItem);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void SgdItem(void* context, int item)
    {
        ref var job = ref *(Job*)context;
        var rate = Vector.Create(-job.Rate);
        var momentum = Vector.Create(job.Beta1);
        var decay = Vector.Create(job.Decay);
        long end = Math.Min(job.Count, (item + 1L) * FloatsPerItem);
        for (long i = (long)item * FloatsPerItem; i < end; i += Lanes.Width)
        {
            int rest = (int)Math.Min(Lanes.Width, end - i);
            var p = Lanes.Load(job.Parameters + i, rest);
            var gradient = Vector.MultiplyAddEstimate(decay, p, Lanes.Load(job.Gradients + i, rest));
            var m = Vector.MultiplyAddEstimate(momentum, Lanes.Load(job.First + i, rest), gradient);
            Lanes.Store(m, job.First + i, rest);
            Lanes.Store(Vector.MultiplyAddEstimate(rate, m, p), job.Parameters + i, rest);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AdamWItem(void* context, int item)
    {
        ref var job = ref *(Job*)context;
        var rate = Vector.Create(-job.Rate);
        var beta1 = Vector.Create(job.Beta1);
        var beta2 = Vector.Create(job.Beta2);
        var one = Vector<float>.One;
        var epsilon = Vector.Create(job.Epsilon);
        var decay = Vector.Create(-job.Decay);
        long end = Math.Min(job.Count, (item + 1L) * FloatsPerItem);
        for (long i = (long)item * FloatsPerItem; i < end; i += Lanes.Width)
        {
            int rest = (int)Math.Min(Lanes.Width, end - i);
            var g = Lanes.Load(job.Gradients + i, rest);
            var m = Vector.MultiplyAddEstimate(beta1, Lanes.Load(job.First + i, rest), (one - beta1) * g);
            var v = Vector.MultiplyAddEstimate(beta2, Lanes.Load(job.Second + i, rest), (one - beta2) * (g * g));
            Lanes.Store(m, job.First + i, rest);
            Lanes.Store(v, job.Second + i, rest);
            var p = Vector.MultiplyAddEstimate(rate, m / (Vector.SquareRoot(v) + epsilon), Lanes.Load(job.Parameters + i, rest));
            Lanes.Store(Vector.MultiplyAddEstimate(decay, p, p), job.Parameters + i, rest);
        }
    }

    private struct Job
    {
        public long Count;
        public float* Parameters;
        public float* Gradients;
        public float* First;
        public float* Second;
        public float Rate;
        public float Beta1;
        public float Beta2;
        public float Epsilon;
        public float Decay;
    }
}
