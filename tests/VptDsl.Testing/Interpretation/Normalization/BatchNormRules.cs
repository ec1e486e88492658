using VptDsl.Compiler.Graph.Operations;

namespace VptDsl.Testing.Interpretation;

/// <summary>Batch normalisation: by frozen statistics, folded into a convolution, and as it is trained.</summary>
internal static class BatchNormRules
{
    public static void FoldedWeight(FoldedWeight operation, Invocation call) => call.Outputs[0].Fill((_, row, column) =>
        call.Inputs[0][0, row, column] * call.Inputs[1][0, 0, row] / Math.Sqrt(call.Inputs[2][0, 0, row] + operation.Epsilon));

    public static void FoldedWeightGradient(FoldedWeightGradient operation, Invocation call)
    {
        BatchMatrix dFolded = call.Inputs[0], weight = call.Inputs[1];
        call.Outputs[0].Fill((_, _, output) =>
            Enumerable.Range(0, weight.Columns).Sum(k => dFolded[0, output, k] * weight[0, output, k])
            / Math.Sqrt(call.Inputs[2][0, 0, output] + operation.Epsilon));
    }

    public static void FoldedBias(FoldedBias operation, Invocation call) => call.Outputs[0].Fill((_, _, column) =>
        call.Inputs[1][0, 0, column]
        - (call.Inputs[2][0, 0, column] * call.Inputs[0][0, 0, column] / Math.Sqrt(call.Inputs[3][0, 0, column] + operation.Epsilon)));

    public static void FoldedBiasGradient(FoldedBiasGradient operation, Invocation call) => call.Outputs[0].Fill((_, _, column) =>
        -call.Inputs[0][0, 0, column] * call.Inputs[1][0, 0, column] / Math.Sqrt(call.Inputs[2][0, 0, column] + operation.Epsilon));

    public static void DivideByDeviation(DivideByDeviation operation, Invocation call) => call.Outputs[0].Fill((_, _, column) =>
        call.Inputs[0][0, 0, column] / Math.Sqrt(call.Inputs[1][0, 0, column] + operation.Epsilon));

    public static void BatchNorm(BatchNorm operation, Invocation call)
    {
        BatchMatrix x = call.Inputs[0], statistics = call.Outputs[1];
        int count = x.Images * x.Rows;
        statistics.Fill((_, row, column) =>
        {
            double mean = OfColumn(x, column).Average();
            return row == 0 ? mean : OfColumn(x, column).Average(value => (value - mean) * (value - mean));
        });
        call.Outputs[0].Fill((image, row, column) =>
            (Normalized(x, statistics, operation.Epsilon, image, row, column) * call.Inputs[1][0, 0, column])
                + call.Inputs[2][0, 0, column]);
        call.Outputs[2].Fill((_, _, column) => Followed(call.Inputs[3][0, 0, column], statistics[0, 0, column]));
        call.Outputs[3].Fill((_, _, column) => count == 1
            ? call.Inputs[4][0, 0, column]
            : Followed(call.Inputs[4][0, 0, column], statistics[0, 1, column] * count / (count - 1)));

        double Followed(double running, double measured) => ((1 - operation.Momentum) * running) + (operation.Momentum * measured);
    }

    public static void BatchNormParameterGradient(BatchNormParameterGradient operation, Invocation call)
    {
        BatchMatrix dy = call.Inputs[0], x = call.Inputs[1];
        x.ForEach((image, row, column) =>
        {
            call.Outputs[0][0, 0, column] += dy[image, row, column] * Normalized(x, call.Inputs[2], operation.Epsilon, image, row, column);
            call.Outputs[1][0, 0, column] += dy[image, row, column];
        });
    }

    public static void BatchNormGradient(BatchNormGradient operation, Invocation call)
    {
        BatchMatrix dy = call.Inputs[0], x = call.Inputs[1], statistics = call.Inputs[2];
        call.Outputs[0].Fill((image, row, column) =>
        {
            double throughStatistics = call.Inputs[5][0, 0, column]
                + (Normalized(x, statistics, operation.Epsilon, image, row, column) * call.Inputs[4][0, 0, column]);
            double rest = dy[image, row, column] - (throughStatistics / (x.Images * x.Rows));
            return call.Inputs[3][0, 0, column] * rest / Math.Sqrt(statistics[0, 1, column] + operation.Epsilon);
        });
    }

    private static double Normalized(BatchMatrix x, BatchMatrix statistics, double epsilon, int image, int row, int column) =>
        (x[image, row, column] - statistics[0, 0, column]) / Math.Sqrt(statistics[0, 1, column] + epsilon);

    private static IEnumerable<double> OfColumn(BatchMatrix x, int column) =>
        Enumerable.Range(0, x.Images).SelectMany(image => Enumerable.Range(0, x.Rows).Select(row => x[image, row, column]));
}
