using VptDsl.Compiler.Graph.Operations;

namespace VptDsl.Testing.Interpretation;

/// <summary>The loss of images, and its gradient.</summary>
internal static class LossRules
{
    public static void CrossEntropy(CrossEntropy operation, Invocation call) => call.Outputs[0].Fill((image, _, _) =>
        Weight(call, image) * (LogSum(call.Inputs[0], image) - call.Inputs[0][image, 0, Label(call, image)]));

    public static void CrossEntropyGradient(CrossEntropyGradient operation, Invocation call) => call.Outputs[0].Fill((image, _, column) =>
    {
        double probability = Math.Exp(call.Inputs[0][image, 0, column] - LogSum(call.Inputs[0], image));
        return Weight(call, image) * (probability - (column == Label(call, image) ? 1 : 0)) / call.Batch;
    });

    private static int Label(Invocation call, int image) => (int)call.Inputs[1][image, 0, 0];

    private static double Weight(Invocation call, int image) => call.Inputs[2][image, 0, 0];

    private static double LogSum(BatchMatrix logits, int image)
    {
        var row = Enumerable.Range(0, logits.Columns).Select(column => logits[image, 0, column]);
        double largest = row.Max();
        return largest + Math.Log(row.Sum(logit => Math.Exp(logit - largest)));
    }
}
