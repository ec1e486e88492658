using VptDsl.Compiler.Graph;
using VptDsl.Programs;
using VptDsl.Testing.Interpretation;
using Evaluation = VptDsl.Testing.Interpretation.Evaluation;
using GraphAttention = VptDsl.Compiler.Graph.Operations.Attention;

namespace VptDsl.Tests.Training;

/// <summary>Attention as it is defined: softmax in double precision, of values that the interpreter computes.</summary>
internal static class DefinedAttention
{
    private const double Tolerance = 2e-5;

    /// <summary>Evaluates a model's graph on an image, with the parameters that the model has.</summary>
    public static Evaluation Evaluate(DataflowGraph graph, Tuner tuner, float[] image)
    {
        var parameters = tuner.Model.Parameters.ToDictionary(
            p => p.Name, p => tuner.Compiled.Read(p).Select(value => (double)value).ToArray());
        return GraphInterpreter.Evaluate(graph, new(1, parameters, [.. image.Select(pixel => (double)pixel)], [0]));
    }

    /// <summary>The mean over the heads of a query's softmax over all keys.</summary>
    public static double[] Weights(Evaluation evaluation, Node node, int query)
    {
        var attention = (GraphAttention)node.Operation;
        BatchMatrix queries = evaluation[node.Inputs[0]];
        BatchMatrix[] keys = [.. Enumerable.Range(0, attention.Segments).Select(s => evaluation[node.Inputs[1 + (2 * s)]])];
        BatchMatrix? bias = attention.Biased ? evaluation[node.Inputs[attention.Bias]] : null;
        int columns = queries.Columns / attention.Heads;
        return Mean(Enumerable.Range(0, attention.Heads).Select(head =>
        {
            double[] scores =
            [
                .. keys.SelectMany((segment, s) => Enumerable.Range(0, segment.Rows).Select(key =>
                {
                    double product = Enumerable.Range(head * columns, columns).Sum(c => queries[0, query, c] * segment[0, key, c]);
                    double place = s == 0 && bias is not null ? bias[0, query, (head * segment.Rows) + key] : 0;
                    return Math.Exp((product / Math.Sqrt(columns)) + place);
                })),
            ];
            double sum = scores.Sum();
            return scores.Select(score => score / sum).ToArray();
        }));
    }

    /// <summary>The mean of rows.</summary>
    public static double[] Mean(IEnumerable<double[]> rows)
    {
        double[][] all = [.. rows];
        return [.. Enumerable.Range(0, all[0].Length).Select(key => all.Average(row => row[key]))];
    }

    /// <summary>Asserts that weights are as defined.</summary>
    public static void Close(double[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        Assert.All(expected, (value, i) => Assert.Equal(value, actual[i], Tolerance));
    }
}
