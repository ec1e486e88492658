using VptDsl.Compiler.Graph.Operations;

namespace VptDsl.Testing.Interpretation;

/// <summary>Batch normalisation by frozen statistics, folded into a convolution.</summary>
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
}
