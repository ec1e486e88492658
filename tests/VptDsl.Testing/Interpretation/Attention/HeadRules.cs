using VptDsl.Compiler.Graph.Operations;

namespace VptDsl.Testing.Interpretation;

/// <summary>What turns or moves the heads of tokens.</summary>
internal static class HeadRules
{
    public static void Rotate(Rotate operation, Invocation call)
    {
        BatchMatrix x = call.Inputs[0], table = call.Inputs[1];
        int head = table.Columns / 2, half = head / 2;
        call.Outputs[0].Fill((image, row, column) =>
        {
            int channel = column % head;
            int partner = operation.Interleaved ? column + (channel % 2 == 0 ? 1 : -1) : column + (channel < half ? half : -half);
            double sine = table[image, row, head + ((operation.Back ? partner : column) % head)];
            return (x[image, row, column] * (1 + table[image, row, channel])) + (x[image, row, partner] * sine);
        });
    }

    public static void SplitHeads(SplitHeads operation, Invocation call)
    {
        int heads = operation.Heads, width = call.Outputs[0].Columns;
        call.Outputs[0].Fill((image, row, column) => call.Inputs[0][image, row / heads, (row % heads * width) + column]);
    }

    public static void JoinHeads(JoinHeads operation, Invocation call)
    {
        int heads = operation.Heads, width = call.Inputs[0].Columns;
        call.Outputs[0].Fill((image, row, column) => call.Inputs[0][image, (row * heads) + (column / width), column % width]);
    }
}
