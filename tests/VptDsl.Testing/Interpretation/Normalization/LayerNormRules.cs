using VptDsl.Compiler.Graph.Operations;

namespace VptDsl.Testing.Interpretation;

/// <summary>Layer normalisation and its gradients.</summary>
internal static class LayerNormRules
{
    public static void LayerNorm(LayerNorm operation, Invocation call)
    {
        BatchMatrix x = call.Inputs[0], gamma = call.Inputs[1], beta = call.Inputs[2], statistics = call.Outputs[1];
        for (int image = 0; image < x.Images; image++)
        {
            for (int row = 0; row < x.Rows; row++)
            {
                double mean = Mean(x.Columns, c => x[image, row, c]);
                double variance = Mean(x.Columns, c => Math.Pow(x[image, row, c] - mean, 2));
                statistics[image, row, 0] = mean;
                statistics[image, row, 1] = 1 / Math.Sqrt(variance + operation.Epsilon);
            }
        }

        call.Outputs[0].Fill((image, row, c) => (Normalized(x, statistics, image, row, c) * gamma[0, 0, c]) + beta[0, 0, c]);
    }

    public static void LayerNormGradient(LayerNormGradient operation, Invocation call)
    {
        BatchMatrix dy = call.Inputs[0], x = call.Inputs[1], statistics = call.Inputs[2], gamma = call.Inputs[3], dx = call.Outputs[0];
        for (int image = 0; image < dx.Images; image++)
        {
            for (int row = 0; row < dx.Rows; row++)
            {
                double dNormalized(int c) => dy[image, row, c] * gamma[0, 0, c];
                double mean = Mean(dx.Columns, dNormalized);
                double projection = Mean(dx.Columns, c => dNormalized(c) * Normalized(x, statistics, image, row, c));
                for (int c = 0; c < dx.Columns; c++)
                {
                    double own = dNormalized(c) - mean - (Normalized(x, statistics, image, row, c) * projection);
                    dx[image, row, c] = (statistics[image, row, 1] * own) + (operation.Residual ? call.Inputs[4][image, row, c] : 0);
                }
            }
        }
    }

    public static void LayerNormParameterGradient(LayerNormParameterGradient operation, Invocation call)
    {
        BatchMatrix dy = call.Inputs[0], x = call.Inputs[1], statistics = call.Inputs[2];
        for (int image = 0; image < x.Images; image++)
        {
            for (int row = 0; row < x.Rows; row++)
            {
                for (int c = 0; c < x.Columns; c++)
                {
                    call.Outputs[0][0, 0, c] += dy[image, row, c] * Normalized(x, statistics, image, row, c);
                    call.Outputs[1][0, 0, c] += dy[image, row, c];
                }
            }
        }
    }

    private static double Normalized(BatchMatrix x, BatchMatrix statistics, int image, int row, int column) =>
        (x[image, row, column] - statistics[image, row, 0]) * statistics[image, row, 1];

    private static double Mean(int count, Func<int, double> element) => Enumerable.Range(0, count).Sum(element) / count;
}
