using VptDsl.Compiler.Graph.Operations;

namespace VptDsl.Testing.Interpretation;

/// <summary>Biases by relative position, pair by pair.</summary>
internal static class RelativeBiasRules
{
    public static void ExpandRelativeBias(ExpandRelativeBias operation, Invocation call) => call.Outputs[0].Fill((_, query, column) =>
    {
        int tokens = operation.Positions.Tokens;
        return PositionOf(operation.Positions, query, column % tokens) is { } position ? call.Inputs[0][0, position, column / tokens] : 0;
    });

    public static void ExpandRelativeBiasGradient(ExpandRelativeBiasGradient operation, Invocation call) =>
        call.Inputs[0].ForEach((_, query, column) =>
        {
            int tokens = operation.Positions.Tokens;
            if (PositionOf(operation.Positions, query, column % tokens) is { } position)
                call.Outputs[0][0, position, column / tokens] += call.Inputs[0][0, query, column];
        });

    /// <summary>The row of the table that a pair reads, if it reads any.</summary>
    private static int? PositionOf(RelativePositions positions, int query, int key)
    {
        (int height, int width, int inserted) = positions;
        int offsets = ((2 * height) - 1) * ((2 * width) - 1), ofQuery = query - 1 - inserted, ofKey = key - 1 - inserted;
        if ((query > 0 && ofQuery < 0) || (key > 0 && ofKey < 0))
            return null;
        if (query == 0)
            return key == 0 ? offsets + 2 : offsets;
        if (key == 0)
            return offsets + 1;
        int down = (ofQuery / width) - (ofKey / width), right = (ofQuery % width) - (ofKey % width);
        return ((down + height - 1) * ((2 * width) - 1)) + right + width - 1;
    }
}
