using VptDsl.Compiler.Graph.Operations;

namespace VptDsl.Testing.Interpretation;

/// <summary>The loss of images that have a class or not, each by itself, and its gradient.</summary>
internal static class BinaryLossRules
{
    public static void BinaryCrossEntropy(BinaryCrossEntropy operation, Invocation call) => call.Outputs[0].Fill((image, _, _) =>
        Weight(call, image) * Enumerable.Range(0, call.Inputs[0].Columns).Sum(column =>
        {
            (double logit, double label) = (call.Inputs[0][image, 0, column], call.Inputs[1][image, column, 0]);
            return (label * Softplus(-logit)) + ((1 - label) * Softplus(logit));
        }));

    public static void BinaryCrossEntropyGradient(BinaryCrossEntropyGradient operation, Invocation call) =>
        call.Outputs[0].Fill((image, _, column) =>
        {
            double probability = 1 / (1 + Math.Exp(-call.Inputs[0][image, 0, column]));
            return Weight(call, image) * (probability - call.Inputs[1][image, column, 0]) / call.Batch;
        });

    private static double Softplus(double x) => Math.Max(x, 0) + Math.Log(1 + Math.Exp(-Math.Abs(x)));

    private static double Weight(Invocation call, int image) => call.Inputs[2][image, 0, 0];
}
