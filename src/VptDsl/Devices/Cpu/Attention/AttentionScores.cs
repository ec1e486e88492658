using System.Numerics;
using System.Runtime.CompilerServices;

namespace VptDsl.Devices.Cpu;

/// <summary>Arithmetic on a panel of scores, [keys, <see cref="MicroKernel.Columns"/>], a query in each lane.</summary>
internal static unsafe class AttentionScores
{
    /// <summary>sums += terms, or sums = terms, in panels.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Add(float* sums, float* terms, long count, bool accumulate)
    {
        // Panels are as wide as a few vectors: nothing is left over.
        for (long i = 0; i < count; i += Lanes.Width)
        {
            var term = Vector.Load(terms + i);
            Vector.Store(accumulate ? Vector.Load(sums + i) + term : term, sums + i);
        }
    }

    /// <summary>Replaces scores by exp(scale * (score - the query's largest score)).</summary>
    /// <param name="scores">The scores.</param>
    /// <param name="keys">The number of keys.</param>
    /// <param name="queries">The number of queries; other lanes hold nothing.</param>
    /// <param name="scale">The scale of the scores.</param>
    /// <param name="maxima">For each lane, scale * the largest score.</param>
    /// <param name="sums">For each lane, the sum of the exponentials.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Exponentiate(float* scores, int keys, int queries, float scale, float* maxima, float* sums)
    {
        var scales = Vector.Create(scale);
        float* end = scores + ((long)keys * MicroKernel.Columns);
        for (int lane = 0; lane < queries; lane += Lanes.Width)
        {
            var max = Vector.Load(scores + lane);
            for (float* s = scores + lane; s < end; s += MicroKernel.Columns)
            {
                max = Vector.MaxNative(max, Vector.Load(s));
            }

            max *= scales;
            var sum = Vector<float>.Zero;
            for (float* s = scores + lane; s < end; s += MicroKernel.Columns)
            {
                var p = VectorMath.ExpOrZero(Vector.MultiplyAddEstimate(Vector.Load(s), scales, -max));
                sum += p;
                Vector.Store(p, s);
            }

            Vector.Store(max, maxima + lane);
            Vector.Store(sum, sums + lane);
        }
    }

    /// <summary>Divides each query's lane of [<paramref name="rows"/>, <see cref="MicroKernel.Columns"/>] by its sum.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Normalize(float* output, int rows, int queries, float* sums)
    {
        float* end = output + ((long)rows * MicroKernel.Columns);
        for (int lane = 0; lane < queries; lane += Lanes.Width)
        {
            var factor = Vector<float>.One / Vector.Load(sums + lane);
            for (float* o = output + lane; o < end; o += MicroKernel.Columns)
            {
                Vector.Store(Vector.Load(o) * factor, o);
            }
        }
    }

    /// <summary>Replaces scores by probabilities: exp(scale * score - the query's log-sum).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Recompute(float* scores, int keys, int queries, float scale, float* logSums)
    {
        var scales = Vector.Create(scale);
        float* end = scores + ((long)keys * MicroKernel.Columns);
        for (int lane = 0; lane < queries; lane += Lanes.Width)
        {
            var logSum = Vector.Load(logSums + lane);
            for (float* s = scores + lane; s < end; s += MicroKernel.Columns)
            {
                Vector.Store(VectorMath.ExpOrZero(Vector.MultiplyAddEstimate(Vector.Load(s), scales, -logSum)), s);
            }
        }
    }

    /// <summary>Replaces the probabilities' gradients by the scores': p * (dp - delta) * scale.</summary>
    /// <param name="probabilities">The probabilities.</param>
    /// <param name="gradients">Their gradients.</param>
    /// <param name="keys">The number of keys.</param>
    /// <param name="queries">The number of queries; other lanes hold nothing.</param>
    /// <param name="scale">The scale of the scores.</param>
    /// <param name="deltas">For each lane, the sum over keys of p * dp.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Differentiate(float* probabilities, float* gradients, int keys, int queries, float scale, float* deltas)
    {
        var scales = Vector.Create(scale);
        long count = (long)keys * MicroKernel.Columns;
        for (int lane = 0; lane < queries; lane += Lanes.Width)
        {
            var delta = Vector.Load(deltas + lane);
            for (long i = lane; i < count; i += MicroKernel.Columns)
            {
                Vector.Store(Vector.Load(probabilities + i) * (Vector.Load(gradients + i) - delta) * scales, gradients + i);
            }
        }
    }

    /// <summary>
    /// tile[key, column] = (accumulate ? tile[key, column] : 0) + the sum over queries of a score and the query's element of the right
    /// operand. Scores are read where they lie.
    /// </summary>
    /// <param name="scores">The keys' scores with the first panel of queries; up to 3 more keys may be read.</param>
    /// <param name="panelStride">Floats from a panel of queries to the next.</param>
    /// <param name="keys">Keys wanted, at most <see cref="MicroKernel.Rows"/>.</param>
    /// <param name="columns">Columns wanted of the right operand.</param>
    /// <param name="queries">The number of queries.</param>
    /// <param name="right">[queries, <see cref="MicroKernel.Columns"/>].</param>
    /// <param name="tile">[<see cref="MicroKernel.Rows"/>, <see cref="MicroKernel.Columns"/>].</param>
    /// <param name="accumulate">Whether to add to the tile or to overwrite it.</param>
    public static void SumOverQueries(
        float* scores, long panelStride, int keys, int columns, int queries, float* right, float* tile, bool accumulate)
    {
        for (int first = 0; first < queries; first += MicroKernel.Columns)
        {
            var left = new LeftPanel(scores, row: MicroKernel.Columns, step: 1);
            int depth = Math.Min(MicroKernel.Columns, queries - first);
            MicroKernel.Run(keys, columns, depth, left, right, tile, accumulate || first > 0);
            scores += panelStride;
            right += MicroKernel.Columns * MicroKernel.Columns;
        }
    }
}
