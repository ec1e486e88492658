using System.Numerics;
using System.Runtime.CompilerServices;

namespace VptDsl.Devices.Cpu;

/// <summary>Sums of whole regions: gradients of several batches, moving averages, and how long gradients are.</summary>
internal static unsafe class Combinations
{
    private const int FloatsPerItem = 16 * 1024;

    /// <summary>The numbers that <see cref="SumOfSquares"/> needs room for.</summary>
    public static int Items(long count) => (int)((count + FloatsPerItem - 1) / FloatsPerItem);

    /// <summary>target = keep · target + add · source; where keep is 0, nothing of the target remains, whatever it was.</summary>
    public static void Combine(CpuWorkers workers, long count, float* target, float keep, float* source, float add)
    {
        var job = new Job { Count = count, Target = target, Keep = keep, Source = source, Add = add };
        workers.Run(Items(count), keep == 0 ? &ReplaceItem : &CombineItem, &job);
    }

    /// <summary>The sum of squares, the same on any number of threads.</summary>
    /// <param name="workers">The threads.</param>
    /// <param name="count">The number of elements.</param>
    /// <param name="source">The elements.</param>
    /// <param name="partial">Room for <see cref="Items"/> numbers.</param>
    public static double SumOfSquares(CpuWorkers workers, long count, float* source, Span<double> partial)
    {
        fixed (double* sums = partial)
        {
            var job = new Job { Count = count, Source = source, Sums = sums };
            workers.Run(Items(count), &SquareItem, &job);
        }

        double sum = 0;
        foreach (double part in partial[..Items(count)])
            sum += part;
        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void CombineItem(void* context, int item)
    {
        ref var job = ref *(Job*)context;
        var keep = Vector.Create(job.Keep);
        var add = Vector.Create(job.Add);
        long end = Math.Min(job.Count, (item + 1L) * FloatsPerItem);
        for (long i = (long)item * FloatsPerItem; i < end; i += Lanes.Width)
        {
            int rest = (int)Math.Min(Lanes.Width, end - i);
            Vector<float> kept = keep * Lanes.Load(job.Target + i, rest);
            Lanes.Store(kept + (add * Lanes.Load(job.Source + i, rest)), job.Target + i, rest);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ReplaceItem(void* context, int item)
    {
        ref var job = ref *(Job*)context;
        var add = Vector.Create(job.Add);
        long end = Math.Min(job.Count, (item + 1L) * FloatsPerItem);
        for (long i = (long)item * FloatsPerItem; i < end; i += Lanes.Width)
        {
            int rest = (int)Math.Min(Lanes.Width, end - i);
            Lanes.Store(add * Lanes.Load(job.Source + i, rest), job.Target + i, rest);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void SquareItem(void* context, int item)
    {
        ref var job = ref *(Job*)context;
        long end = Math.Min(job.Count, (item + 1L) * FloatsPerItem);
        Vector<double> sums = Vector<double>.Zero;
        for (long i = (long)item * FloatsPerItem; i < end; i += Lanes.Width)
        {
            Vector.Widen(Lanes.Load(job.Source + i, (int)Math.Min(Lanes.Width, end - i)), out Vector<double> low, out Vector<double> high);
            sums += (low * low) + (high * high);
        }

        job.Sums[item] = Vector.Sum(sums);
    }

    private struct Job
    {
        public long Count;
        public float* Target;
        public float Keep;
        public float* Source;
        public float Add;
        public double* Sums;
    }
}
