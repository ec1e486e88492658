using VptDsl.Compiler.Graph.Operations;

namespace VptDsl.Testing.Interpretation;

/// <summary>The loss of images, and its gradient.</summary>
internal static class LossRules
{
    public static void CrossEntropy(CrossEntropy operation, Invocation call) => call.Outputs[0].Fill((image, _, _) =>
    {
        double logSum = LogSum(call.Inputs[0], image);
        return Weight(call, image) * Enumerable.Range(0, call.Inputs[0].Columns).Sum(column =>
            Target(call, image, column) is var target && target != 0 ? target * (logSum - call.Inputs[0][image, 0, column]) : 0);
    });

    public static void CrossEntropyGradient(CrossEntropyGradient operation, Invocation call) => call.Outputs[0].Fill((image, _, column) =>
    {
        double probability = Math.Exp(call.Inputs[0][image, 0, column] - LogSum(call.Inputs[0], image));
        return Weight(call, image) * (probability - Target(call, image, column)) / call.Batch;
    });

    /// <summary>The share of the image's target that a class has.</summary>
    private static double Target(Invocation call, int image, int column)
    {
        BatchMatrix softening = call.Inputs[3];
        (double other, double share) = (softening[image, 0, 0], softening[image, 0, 1]);
        (double smoothing, double classes) = (softening[image, 0, 2], softening[image, 0, 3]);
        double hard = (column == Label(call, image) ? 1 - share : 0) + (column == (int)other ? share : 0);
        return ((1 - smoothing) * hard) + (smoothing > 0 && column < classes ? smoothing / classes : 0);
    }

    private static int Label(Invocation call, int image) => (int)call.Inputs[1][image, 0, 0];

    private static double Weight(Invocation call, int image) => call.Inputs[2][image, 0, 0];

    private static double LogSum(BatchMatrix logits, int image)
    {
        var row = Enumerable.Range(0, logits.Columns).Select(column => logits[image, 0, column]);
        double largest = row.Max();
        return largest + Math.Log(row.Sum(logit => Math.Exp(logit - largest)));
    }
}
