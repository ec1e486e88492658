using VptDsl.Compiler.Graph.Operations;

namespace VptDsl.Testing.Interpretation;

/// <summary>What scales or shifts channels.</summary>
internal static class ChannelRules
{
    public static void ScaleColumns(ScaleColumns operation, Invocation call) => call.Outputs[0].Fill((image, row, column) =>
        (call.Inputs[0][image, row, column] * call.Inputs[1][image, 0, column])
            + (operation.Residual ? call.Inputs[2][image, row, column] : 0));

    public static void ScaleColumnsGradient(ScaleColumnsGradient operation, Invocation call)
    {
        BatchMatrix dy = call.Inputs[0], x = call.Inputs[1];
        call.Outputs[0].Fill((_, _, column) => Enumerable.Range(0, x.Images).Sum(image =>
            Enumerable.Range(0, x.Rows).Sum(row => dy[image, row, column] * x[image, row, column])));
    }

    public static void AffineChannels(AffineChannels operation, Invocation call)
    {
        int rows = call.Inputs[0].Rows / operation.Scales.Count;
        call.Outputs[0].Fill((image, row, column) =>
            (call.Inputs[0][image, row, column] * operation.Scales[row / rows]) + operation.Shifts[row / rows]);
    }
}
