using System.Numerics;

namespace VptDsl.Devices.Cpu;

/// <summary>
/// What the backward pass knows of a panel of queries, a query in each lane. Lanes without a query repeat the last one: finite, and never
/// read.
/// </summary>
internal static unsafe class AttentionLanes
{
    /// <summary>Takes the queries' log-sums.</summary>
    public static void TakeLogSums(in Matrix logSum, int first, int queries, float* logSums)
    {
        for (int lane = 0; lane < MicroKernel.Columns; lane++)
        {
            logSums[lane] = *logSum.Row(first + Math.Min(lane, queries - 1));
        }
    }

    /// <summary>Computes for each query the sum over the head's columns of output times output gradient.</summary>
    public static void TakeDeltas(in Matrix output, in Matrix outputGradient, int first, int queries, int headDim, float* deltas)
    {
        for (int lane = 0; lane < MicroKernel.Columns; lane++)
        {
            int row = first + Math.Min(lane, queries - 1);
            deltas[lane] = Dot(output.Row(row), outputGradient.Row(row), headDim);
        }
    }

    private static float Dot(float* left, float* right, int count)
    {
        var sum = Vector<float>.Zero;
        for (int i = 0; i < count; i += Lanes.Width)
        {
            int rest = Math.Min(Lanes.Width, count - i);
            sum = Vector.MultiplyAddEstimate(Lanes.Load(left + i, rest), Lanes.Load(right + i, rest), sum);
        }

        return Vector.Sum(sum);
    }
}
