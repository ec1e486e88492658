using VptDsl.Compiler.Graph.Operations;

namespace VptDsl.Testing.Interpretation;

/// <summary>The loss of labelled pixels.</summary>
internal static class PixelLossRules
{
    public static void PixelCrossEntropy(PixelCrossEntropy operation, Invocation call)
    {
        BatchMatrix logits = call.Inputs[0];
        int counted = Enumerable.Range(0, call.Batch).Sum(image => Counted(call, operation.Ignored, image).Count());
        call.Outputs[0].Fill((image, _, _) => Counted(call, operation.Ignored, image)
            .Sum(row => LogSum(logits, image, row) - logits[image, row, Label(call, image, row)]) * call.Batch / Math.Max(1, counted));
        call.Outputs[1].Fill((image, _, _) => Counted(call, operation.Ignored, image).Select(row =>
        {
            var scores = Enumerable.Range(0, logits.Columns).Select(column => logits[image, row, column]).ToList();
            return scores.IndexOf(scores.Max()) == Label(call, image, row) ? 1.0 : 0;
        }).DefaultIfEmpty(0).Average());
        call.Outputs[2].Fill((_, _, _) => counted);
    }

    public static void PixelCrossEntropyGradient(PixelCrossEntropyGradient operation, Invocation call)
    {
        BatchMatrix logits = call.Inputs[0];
        call.Outputs[0].Fill((image, row, column) =>
        {
            int label = Label(call, image, row);
            double probability = Math.Exp(logits[image, row, column] - LogSum(logits, image, row));
            return label == operation.Ignored ? 0 : (probability - (column == label ? 1 : 0)) / Math.Max(1, call.Inputs[2][0, 0, 0]);
        });
    }

    private static IEnumerable<int> Counted(Invocation call, int ignored, int image) =>
        Enumerable.Range(0, call.Inputs[0].Rows).Where(row => Label(call, image, row) != ignored);

    private static int Label(Invocation call, int image, int row) => (int)call.Inputs[1][image, row, 0];

    private static double LogSum(BatchMatrix logits, int image, int row)
    {
        var scores = Enumerable.Range(0, logits.Columns).Select(column => logits[image, row, column]);
        double largest = scores.Max();
        return largest + Math.Log(scores.Sum(score => Math.Exp(score - largest)));
    }
}
