using VptDsl.Compiler.Graph.Operations;

namespace VptDsl.Testing.Interpretation;

/// <summary>What scales, shifts or moves channels.</summary>
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

    public static void SwapAxes(SwapAxes operation, Invocation call)
    {
        BatchMatrix x = call.Inputs[0], swapped = call.Outputs[0];
        swapped.Fill((image, row, column) =>
        {
            int place = (row * swapped.Columns) + column, size = operation.First * operation.Second;
            int second = place % size / operation.First, first = place % operation.First;
            int source = (place / size * size) + (first * operation.Second) + second;
            return x[image, source / x.Columns, source % x.Columns];
        });
    }
}
