using VptDsl.Onnx.Graph;

namespace VptDsl.Onnx;

/// <content>Attention, and what stands before it.</content>
public abstract partial class OnnxProgram
{
    /// <summary>Attention of queries over the keys and values of several segments, with one softmax.</summary>
    /// <param name="query">The queries.</param>
    /// <param name="segments">Keys, then values, of each segment.</param>
    /// <param name="output">The result's name.</param>
    /// <param name="logSum">Not asked for.</param>
    /// <param name="heads">Heads, side by side in the columns.</param>
    /// <param name="bias">Added to the scores of the first segment's keys: a row for each query, heads side by side.</param>
    protected OnnxValue Attention(
        OnnxValue query, ReadOnlySpan<OnnxValue> segments, string output, string? logSum, int heads, OnnxValue? bias = null)
    {
        var keys = new List<OnnxValue>();
        var values = new List<OnnxValue>();
        for (int i = 0; i < segments.Length; i += 2)
        {
            keys.Add(segments[i]);
            values.Add(segments[i + 1]);
        }

        Tensor q = query.Rows, k = BelowEachOther(keys, output + "/keys"), v = BelowEachOther(values, output + "/values");
        int width = q[^1];
        Tensor scores = _graph.MatMul(Scaled(Heads(q, heads), width / heads), Heads(k, heads, transposed: true), output + "/scores");
        if (bias is not null)
        {
            int own = keys[0].Rows[^2];
            Tensor ofHeads = _graph.Transpose(
                _graph.Reshape(bias.Rows, output + "/biasHeads", q[^2], heads, own), output + "/bias", 1, 0, 2);
            scores = _graph.Elementwise("Add", output + "/biased", scores, WithZeros(ofHeads, k[^2] - own, output + "/paddedBias"));
        }

        return new(Joined(_graph.MatMul(Softmax(scores, output), Heads(v, heads), output + "/heads"), output));
    }

    /// <summary>Biases by relative position, for all pairs of tokens.</summary>
    protected OnnxValue ExpandRelativeBias(OnnxValue table, string bias, int height, int width, int inserted)
    {
        Tensor rows = table.Rows;
        int heads = rows[^1], tokens = 1 + inserted + (height * width);
        Tensor all = _graph.Concat([rows, _graph.Numbers(bias + "/none", [1, heads], new float[heads])], bias + "/table", 0);
        Tensor places = _graph.Integers([tokens, tokens], RelativeIndices.OfSequence(height, width, inserted));
        Tensor pairs = _graph.Node("Gather", bias + "/pairs", [tokens, tokens, heads], [all, places], GraphWriter.Attribute("axis", 0L));
        return new(_graph.Reshape(_graph.Transpose(pairs, bias + "/heads", 0, 2, 1), bias, tokens, heads * tokens));
    }

    /// <summary>Pairs of channels of each head turned by a token's angles.</summary>
    protected OnnxValue Rotate(OnnxValue x, OnnxValue table, string turned, bool interleaved, bool back)
    {
        if (back)
            throw new NotSupportedException($"{turned} of {_program.Model.Name} is turned back, which only gradients are.");
        Tensor rows = x.Rows;
        int tokens = rows[^2], head = table.Rows[^1] / 2, heads = rows[^1] / head;
        Tensor split = _graph.Reshape(rows, turned + "/heads", [.. BatchOf(rows), tokens, heads, head]);
        Tensor cosine = _graph.Elementwise(
            "Add", turned + "/cosine", _graph.Slice(table.Rows, turned + "/cosineLess1", 1, 0, head), _graph.Number(1));
        Tensor sine = _graph.Slice(table.Rows, turned + "/sine", 1, head, head);
        int[] pairs = interleaved ? [head / 2, 2] : [2, head / 2];
        Tensor inPairs = _graph.Reshape(rows, turned + "/pairs", [.. BatchOf(rows), tokens, heads, .. pairs]);
        Tensor swapped = _graph.Reverse(inPairs, turned + "/swapped", inPairs.Rank - (interleaved ? 1 : 2));
        Tensor partners = _graph.Reshape(swapped, turned + "/partners", [.. BatchOf(rows), tokens, heads, head]);
        Tensor sum = _graph.Elementwise(
            "Add", turned + "/sum",
            _graph.Elementwise("Mul", turned + "/own", split, _graph.Reshape(cosine, turned + "/cosines", tokens, 1, head)),
            _graph.Elementwise("Mul", turned + "/partner", partners, _graph.Reshape(sine, turned + "/sines", tokens, 1, head)));
        return new(_graph.Reshape(sum, turned, [.. BatchOf(rows), tokens, rows[^1]]));
    }

    /// <summary>Each head of each token as a row of its own.</summary>
    protected OnnxValue SplitHeads(OnnxValue x, string heads, int count) =>
        new(_graph.Reshape(x.Rows, heads, [.. BatchOf(x.Rows), x.Rows[^2] * count, x.Rows[^1] / count]));

    /// <summary>The heads of each token beside each other again.</summary>
    protected OnnxValue JoinHeads(OnnxValue heads, string x, int count) =>
        new(_graph.Reshape(heads.Rows, x, [.. BatchOf(heads.Rows), heads.Rows[^2] / count, heads.Rows[^1] * count]));

    private static int[] BatchOf(Tensor x) => x.IsBatched ? [Tensor.Batch] : [];

    private Tensor BelowEachOther(IReadOnlyList<OnnxValue> parts, string name)
    {
        int rank = parts.Max(p => p.Rows.Rank);
        return _graph.Concat([.. parts.Select(p => rank == p.Rows.Rank ? p.Rows : Each(p.Rows))], name, rank - 2);

        Tensor Each(Tensor rows) => _graph.ForEachImage(rows, rows.Name + "/each", rank);
    }

    /// <summary>[batch, tokens, heads · width] as [batch, heads, tokens, width], or with the last two the other way round.</summary>
    private Tensor Heads(Tensor x, int heads, bool transposed = false)
    {
        Tensor split = _graph.Reshape(x, x.Name + "/split", [.. BatchOf(x), x[^2], heads, x[^1] / heads]);
        return (x.IsBatched, transposed) switch
        {
            (true, true) => _graph.Transpose(split, x.Name + "/columns", 0, 2, 3, 1),
            (true, false) => _graph.Transpose(split, x.Name + "/heads", 0, 2, 1, 3),
            (false, true) => _graph.Transpose(split, x.Name + "/columns", 1, 2, 0),
            (false, false) => _graph.Transpose(split, x.Name + "/heads", 1, 0, 2),
        };
    }

    /// <summary>[batch, heads, tokens, width] as rows again.</summary>
    private Tensor Joined(Tensor heads, string name)
    {
        Tensor tokens = heads.IsBatched
            ? _graph.Transpose(heads, name + "/tokens", 0, 2, 1, 3)
            : _graph.Transpose(heads, name + "/tokens", 1, 0, 2);
        return _graph.Reshape(tokens, name, [.. BatchOf(heads), heads[^2], heads[^3] * heads[^1]]);
    }

    private Tensor Scaled(Tensor query, int width) =>
        _graph.Elementwise("Mul", query.Name + "/scaled", query, _graph.Number(1 / MathF.Sqrt(width)));

    private Tensor Softmax(Tensor scores, string name) =>
        _graph.Node("Softmax", name + "/weights", scores.Dimensions, [scores], GraphWriter.Attribute("axis", -1L));

    /// <summary>Zeros behind the last axis, for what has no bias.</summary>
    private Tensor WithZeros(Tensor x, int count, string name) => count == 0 ? x : _graph.Node(
        "Pad", name, x.Dimensions.SetItem(x.Rank - 1, x[^1] + count),
        [x, _graph.Integers([.. new int[(2 * x.Rank) - 1], count])]);
}
