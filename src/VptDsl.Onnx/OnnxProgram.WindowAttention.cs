using VptDsl.Onnx.Graph;

namespace VptDsl.Onnx;

/// <content>Attention in windows of a grid.</content>
public abstract partial class OnnxProgram
{
    /// <summary>Attention inside the windows of a grid, and over prompts that all windows share.</summary>
    /// <param name="query">The queries: a row for each token, or prompts, which attend in every window.</param>
    /// <param name="key">The tokens' keys.</param>
    /// <param name="value">The tokens' values.</param>
    /// <param name="bias">The table of relative position biases, [positions, heads]; null for prompts' queries.</param>
    /// <param name="promptKey">The prompts' keys, where there are any.</param>
    /// <param name="promptValue">The prompts' values.</param>
    /// <param name="output">The result's name.</param>
    /// <param name="logSum">Not asked for.</param>
    /// <param name="heads">Heads, side by side in the columns.</param>
    /// <param name="side">Tokens on a side of the grid.</param>
    /// <param name="window">Tokens on a side of a window.</param>
    /// <param name="shift">How far the windows are moved down and to the right.</param>
    protected OnnxValue WindowAttention(
        OnnxValue query, OnnxValue key, OnnxValue value, OnnxValue? bias, OnnxValue? promptKey, OnnxValue? promptValue,
        string output, string? logSum, int heads, int side, int window, int shift)
    {
        var grid = new Windows(side, window, shift);
        int width = key.Rows[^1] / heads, columns = key.Rows[^1];
        bool ofPrompts = bias is null;
        int queries = ofPrompts ? query.Rows[^2] : grid.Tokens;
        Tensor q = ofPrompts ? EveryWindow(query.Rows) : InWindows(query.Rows, output + "/query");
        Tensor k = WithPrompts(InWindows(key.Rows, output + "/key"), promptKey, output + "/keys");
        Tensor v = WithPrompts(InWindows(value.Rows, output + "/value"), promptValue, output + "/values");
        Tensor scores = _graph.MatMul(Scaled(q, width), _graph.Transpose(k, output + "/columns", 0, 1, 2, 4, 3), output + "/scores");
        if (bias is not null)
        {
            Tensor all = WithZeros(Biases(bias.Rows), promptKey?.Rows[^2] ?? 0, output + "/paddedBias");
            scores = _graph.Elementwise("Add", output + "/biased", scores, all);
        }

        Tensor result = _graph.MatMul(Softmax(scores, output), v, output + "/heads");
        return new(ofPrompts ? PromptsByWindow(result) : OutOfWindows(result));

        // [batch, windows, heads, tokens of a window, width].
        Tensor InWindows(Tensor rows, string name)
        {
            Tensor pixels = _graph.Reshape(rows, name + "/grid", Tensor.Batch, side, side, columns);
            Tensor shifted = Rolled(Rolled(pixels, name + "/up", 1, shift), name + "/left", 2, shift);
            Tensor cut = _graph.Reshape(shifted, name + "/cut", Tensor.Batch, grid.OnSide, window, grid.OnSide, window, heads, width);
            Tensor ordered = _graph.Transpose(cut, name + "/windows", 0, 1, 3, 5, 2, 4, 6);
            return _graph.Reshape(ordered, name + "/heads", Tensor.Batch, grid.Count, heads, grid.Tokens, width);
        }

        Tensor OutOfWindows(Tensor windows)
        {
            Tensor cut = _graph.Reshape(
                windows, output + "/cut", Tensor.Batch, grid.OnSide, grid.OnSide, heads, window, window, width);
            Tensor ordered = _graph.Transpose(cut, output + "/lines", 0, 1, 4, 2, 5, 3, 6);
            Tensor pixels = _graph.Reshape(ordered, output + "/grid", Tensor.Batch, side, side, columns);
            Tensor back = Rolled(Rolled(pixels, output + "/right", 2, side - shift), output + "/down", 1, side - shift);
            return _graph.Reshape(back, output, Tensor.Batch, side * side, columns);
        }

        // [1 or batch, 1, heads, prompts, width].
        Tensor EveryWindow(Tensor rows)
        {
            Tensor ofHeads = Heads(rows, heads);
            return _graph.Reshape(
                ofHeads, rows.Name + "/everyWindow", rows.IsBatched ? Tensor.Batch : 1, 1, heads, rows[^2], width);
        }

        Tensor WithPrompts(Tensor windows, OnnxValue? prompts, string name)
        {
            if (prompts is null)
                return windows;
            int count = prompts.Rows[^2];
            Tensor each = _graph.Node(
                "Expand", name + "/prompts", [Tensor.Batch, grid.Count, heads, count, width],
                [EveryWindow(prompts.Rows), _graph.BatchShape(grid.Count, 1, 1, 1)]);
            return _graph.Concat([windows, each], name, 3);
        }

        // [windows or 1, heads, tokens of a window, tokens of a window].
        Tensor Biases(Tensor table)
        {
            Tensor places = _graph.Integers([grid.Tokens, grid.Tokens], RelativeIndices.OfWindow(window));
            Tensor pairs = _graph.Node(
                "Gather", output + "/pairs", [grid.Tokens, grid.Tokens, heads], [table, places], GraphWriter.Attribute("axis", 0L));
            Tensor ofHeads = _graph.Transpose(pairs, output + "/bias", 2, 0, 1);
            return shift == 0
                ? ofHeads
                : _graph.Elementwise(
                    "Add", output + "/masked", ofHeads,
                    _graph.Numbers(grid.ToString(), [grid.Count, 1, grid.Tokens, grid.Tokens], grid.Mask()));
        }

        Tensor PromptsByWindow(Tensor windows)
        {
            Tensor tokens = _graph.Transpose(windows, output + "/tokens", 0, 1, 3, 2, 4);
            return _graph.Reshape(tokens, output, Tensor.Batch, grid.Count * queries, columns);
        }
    }

    /// <summary>An axis with its first so many entries behind the others.</summary>
    private Tensor Rolled(Tensor x, string name, int axis, int count)
    {
        int length = x[axis];
        if (count % length == 0)
            return x;
        Tensor start = _graph.Slice(x, name + "/start", axis, 0, count);
        return _graph.Concat([_graph.Slice(x, name + "/end", axis, count, length - count), start], name, axis);
    }
}
