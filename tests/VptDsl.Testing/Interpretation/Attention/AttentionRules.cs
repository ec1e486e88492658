using VptDsl.Compiler.Graph.Operations;

namespace VptDsl.Testing.Interpretation;

/// <summary>Attention, head by head and row by row, with the whole row of probabilities at hand.</summary>
internal static class AttentionRules
{
    /// <remarks>
    /// Weights are rounded relative to the largest score, and what they add up to is not: kernels on tensor cores do so too, relative to
    /// the largest of the keys so far.
    /// </remarks>
    public static void Attention(Attention operation, Invocation call)
    {
        BatchMatrix[] factors = [.. call.Inputs.Select(call.Factor)];
        BatchMatrix query = factors[0], output = call.Outputs[0], logSum = call.Outputs[1];
        var segments = Segments(factors, 1, operation.Segments);
        BatchMatrix? bias = operation.Biased ? call.Inputs[operation.Bias] : null;
        int headWidth = query.Columns / operation.Heads;
        for (int image = 0; image < output.Images; image++)
        {
            for (int head = 0; head < operation.Heads; head++)
            {
                for (int row = 0; row < query.Rows; row++)
                {
                    double[][] scores = Scores(query, segments, bias, image, head, headWidth, row);
                    double largest = scores.SelectMany(s => s).Max();
                    double total = scores.SelectMany(s => s).Sum(s => Math.Exp(s - largest));
                    logSum[image, row, head] = largest + Math.Log(total);
                    for (int s = 0; s < segments.Length; s++)
                    {
                        for (int key = 0; key < segments[s].Key.Rows; key++)
                        {
                            double probability = call.Factor(Math.Exp(scores[s][key] - largest)) / total;
                            for (int c = head * headWidth; c < (head + 1) * headWidth; c++)
                                output[image, row, c] += probability * segments[s].Value[image, key, c];
                        }
                    }
                }
            }
        }
    }

    /// <remarks>Slopes come of weights that are not rounded, as in the kernels on tensor cores, and are rounded themselves.</remarks>
    public static void AttentionGradient(AttentionGradient operation, Invocation call)
    {
        BatchMatrix[] factors = [.. call.Inputs.Select(call.Factor)];
        BatchMatrix output = call.Inputs[1], logSum = call.Inputs[2], query = factors[3];
        BatchMatrix dOutput = factors[0], dQuery = call.Outputs[0];
        var segments = Segments(factors, 4, operation.Segments);
        BatchMatrix? bias = operation.Biased ? call.Inputs[operation.Bias] : null;
        var gradients = Segments(call.Outputs, 1, operation.Segments);
        int headWidth = query.Columns / operation.Heads;
        double scale = 1 / Math.Sqrt(headWidth);
        for (int image = 0; image < dOutput.Images; image++)
        {
            for (int head = 0; head < operation.Heads; head++)
            {
                int from = head * headWidth, to = from + headWidth;
                for (int row = 0; row < query.Rows; row++)
                {
                    double[][] scores = Scores(query, segments, bias, image, head, headWidth, row);
                    double outputDot = Dot(call.Inputs[0], output, image, row, row, from, to);
                    for (int s = 0; s < segments.Length; s++)
                    {
                        for (int key = 0; key < segments[s].Key.Rows; key++)
                        {
                            double probability = Math.Exp(scores[s][key] - logSum[image, row, head]);
                            double dProbability = Dot(dOutput, segments[s].Value, image, row, key, from, to);
                            double dScore = call.Factor(scale * probability * (dProbability - outputDot));
                            probability = call.Factor(probability);
                            for (int c = from; c < to; c++)
                            {
                                dQuery[image, row, c] += dScore * segments[s].Key[image, key, c];
                                gradients[s].Key[image, key, c] += dScore * query[image, row, c];
                                gradients[s].Value[image, key, c] += probability * dOutput[image, row, c];
                            }
                        }
                    }
                }
            }
        }
    }

    public static void AttentionBiasGradient(AttentionBiasGradient operation, Invocation call)
    {
        BatchMatrix dOutput = call.Inputs[0], output = call.Inputs[1], logSum = call.Inputs[2], query = call.Inputs[3];
        BatchMatrix value = call.Inputs[5], bias = call.Inputs[6], dBias = call.Outputs[0];
        var segments = Segments(call.Inputs, 4, 1);
        int headWidth = query.Columns / operation.Heads;
        for (int image = 0; image < output.Images; image++)
        {
            for (int head = 0; head < operation.Heads; head++)
            {
                int from = head * headWidth, to = from + headWidth;
                for (int row = 0; row < query.Rows; row++)
                {
                    double[] scores = Scores(query, segments, bias, image, head, headWidth, row)[0];
                    double outputDot = Dot(dOutput, output, image, row, row, from, to);
                    for (int key = 0; key < scores.Length; key++)
                    {
                        double probability = Math.Exp(scores[key] - logSum[image, row, head]);
                        double dProbability = Dot(dOutput, value, image, row, key, from, to);
                        dBias[image, row, (head * scores.Length) + key] += probability * (dProbability - outputDot);
                    }
                }
            }
        }
    }

    private static (BatchMatrix Key, BatchMatrix Value)[] Segments(IReadOnlyList<BatchMatrix> operands, int first, int count) =>
        Enumerable.Range(0, count).Select(s => (operands[first + (2 * s)], operands[first + 1 + (2 * s)])).ToArray();

    private static double[][] Scores(
        BatchMatrix query, (BatchMatrix Key, BatchMatrix Value)[] segments, BatchMatrix? bias, int image, int head, int headWidth, int row)
    {
        double[][] scores = segments.Select(segment => Enumerable.Range(0, segment.Key.Rows)
            .Select(key => Dot(query, segment.Key, image, row, key, head * headWidth, (head + 1) * headWidth) / Math.Sqrt(headWidth))
            .ToArray()).ToArray();
        for (int key = 0; bias is not null && key < scores[0].Length; key++)
            scores[0][key] += bias[image, row, (head * scores[0].Length) + key];
        return scores;
    }

    private static double Dot(BatchMatrix a, BatchMatrix b, int image, int rowOfA, int rowOfB, int from, int to)
    {
        double sum = 0;
        for (int c = from; c < to; c++)
            sum += a[image, rowOfA, c] * b[image, rowOfB, c];
        return sum;
    }
}
