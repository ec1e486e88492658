using System.Numerics;

namespace VptDsl.Devices.Cpu;

/// <summary>Looks on at a call of attention, before it is computed.</summary>
internal delegate void AttentionObserver(in AttentionCall call);

/// <summary>How much the queries of an image attend to each token, the mean of the heads.</summary>
/// <param name="Queries">The number of queries.</param>
/// <param name="Segments">Tokens of each segment.</param>
/// <param name="Values">[queries, tokens of all segments]; each row sums to 1.</param>
internal sealed record AttentionWeights(int Queries, int[] Segments, float[] Values)
{
    /// <summary>The tokens of all segments.</summary>
    public int Keys { get; } = Segments.Sum();

    /// <summary>Recomputes the weights that a call's softmax has for its first image, and never stores.</summary>
    public static unsafe AttentionWeights Of(in AttentionCall call)
    {
        int[] segments = new int[call.Segments.Length];
        for (int i = 0; i < segments.Length; i++)
            segments[i] = call.Segments[i].Rows;
        var weights = new AttentionWeights(call.QueryRows, segments, new float[call.QueryRows * segments.Sum()]);
        double[] scores = new double[weights.Keys];
        for (int query = 0; query < call.QueryRows; query++)
        {
            Span<float> row = weights.Values.AsSpan(query * weights.Keys, weights.Keys);
            for (int head = 0; head < call.Heads; head++)
            {
                Score(call, query, head, scores);
                double highest = scores.Max(), sum = 0;
                foreach (ref double score in scores.AsSpan())
                    sum += score = Math.Exp(score - highest);
                for (int key = 0; key < scores.Length; key++)
                    row[key] += (float)(scores[key] / sum / call.Heads);
            }
        }

        return weights;
    }

    private static unsafe void Score(in AttentionCall call, int query, int head, double[] scores)
    {
        int width = call.HeadDim, next = 0;
        double scale = 1 / Math.Sqrt(width);
        float* own = call.Query.Row(query) + (head * width);
        foreach (AttentionSegment segment in call.Segments)
        {
            bool isBiased = next == 0 && call.Bias.IsPresent;
            for (int key = 0; key < segment.Rows; key++)
            {
                double score = scale * Dot(own, segment.Keys.Row(key) + (head * width), width);
                scores[next++] = isBiased ? score + call.Bias.Row(query)[(head * segment.Rows) + key] : score;
            }
        }
    }

    private static unsafe float Dot(float* left, float* right, int count)
    {
        var sums = Vector<float>.Zero;
        int i = 0;
        for (; i <= count - Vector<float>.Count; i += Vector<float>.Count)
            sums += Vector.Load(left + i) * Vector.Load(right + i);
        float sum = Vector.Sum(sums);
        for (; i < count; i++)
            sum += left[i] * right[i];
        return sum;
    }
}
