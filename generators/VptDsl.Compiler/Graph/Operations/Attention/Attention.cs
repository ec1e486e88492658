namespace VptDsl.Compiler.Graph.Operations;

/// <summary>
/// Multi-head scaled-dot-product attention of one query segment over several key/value segments, softmax over all keys together.
/// </summary>
/// <remarks>
/// A segment may lack the batch: then every image attends to the same keys, and they are stored once. Inputs: query, then key and
/// value of each segment. The second output is the logarithm of each row's softmax sum, for each head.
/// </remarks>
internal sealed record Attention(int Heads, int Segments) : Operation
{
    public override IReadOnlyList<string> InputNames => ["query", .. SegmentNames(Segments, "")];

    public override IReadOnlyList<string> OutputNames => ["output", "logSum"];

    public override IReadOnlyList<OperationAttribute> Attributes => [Heads];

    /// <summary>The segments as a list.</summary>
    public override IReadOnlyList<RoutineArgument> RoutineArguments(IReadOnlyList<string> inputs, IReadOnlyList<string?> outputs) =>
        [inputs[0], inputs.Skip(1).ToArray(), .. outputs, .. Attributes];

    public override string Formula(IReadOnlyList<string> inputs, IReadOnlyList<Shape> shapes) => $"Attention({string.Join(", ", inputs)})";

    public override string MethodName(IReadOnlyList<Shape> shapes) => $"Attention{Heads}Heads{shapes[0].Rows}Over{KeyRows(shapes, 1)}";

    public override string KernelName(IReadOnlyList<Shape> shapes) => $"Attention{Heads}HeadsOf{shapes[0].Columns / Heads}";

    public override Shape[] InferShapes(IReadOnlyList<Shape> inputs)
    {
        CheckSegments(inputs, Segments, Heads);
        Shape output = inputs[0] with { Batched = inputs.Any(i => i.Batched) };
        return [output, output.WithColumns(Heads)];
    }

    public override void Differentiate(GradientContext gradient)
    {
        // A query without a gradient needs none of the segments that have none either: the saved sum stands for them.
        IReadOnlyList<Value> operands = gradient.Node.Inputs;
        int[] kept = [0, .. Enumerable.Range(0, Segments)
            .Where(s => gradient.Needs(0) || gradient.Needs(1 + (2 * s)) || gradient.Needs(2 + (2 * s)))
            .SelectMany(s => new[] { 1 + (2 * s), 2 + (2 * s) })];
        Value[] inputs = [gradient.OutputGradient, gradient.Output(0), gradient.Output(1), .. kept.Select(i => operands[i])];
        string?[] names = kept.Select(i => gradient.Needs(i) ? operands[i].Name + "Gradient" : null).ToArray();
        Node node = gradient.Builder.Add(new AttentionGradient(Heads, (kept.Length - 1) / 2), inputs, names);
        for (int i = 0; i < names.Length; i++)
        {
            if (node.Outputs[i] is { } contribution)
                gradient.Contribute(kept[i], contribution);
        }
    }

    public override bool IsRowwise(int input) => input == 0;

    public override long FloatingPointOperations(IReadOnlyList<Shape> inputs, IReadOnlyList<Shape?> outputs) =>
        4L * inputs[0].Count * Keys(inputs, 0);

    /// <summary>The rows of each segment's keys, in names.</summary>
    internal static string KeyRows(IReadOnlyList<Shape> shapes, int firstKey) =>
        string.Join("And", shapes.Skip(firstKey).Where((_, i) => i % 2 == 0).Select(s => s.Rows));

    internal static IEnumerable<string> SegmentNames(int segments, string prefix) =>
        Enumerable.Range(0, segments).SelectMany(s => new[] { $"{prefix}key{s}", $"{prefix}value{s}" });

    internal static void CheckSegments(IReadOnlyList<Shape> inputs, int segments, int heads)
    {
        Require(inputs.Count == 1 + (2 * segments), $"Attention over {segments} segments has {inputs.Count} inputs.");
        Require(inputs[0].Columns % heads == 0, $"The width is not a multiple of the heads.");
        for (int s = 0; s < segments; s++)
        {
            Require(
                inputs[1 + (2 * s)] == inputs[2 + (2 * s)] && inputs[1 + (2 * s)].Columns == inputs[0].Columns,
                $"Keys and values do not fit.");
        }
    }

    internal static long Keys(IReadOnlyList<Shape> inputs, int query)
    {
        long keys = 0;
        for (int i = query + 1; i < inputs.Count; i += 2)
            keys += inputs[i].Rows;
        return keys;
    }
}

/// <summary>
/// The gradients of attention's query, keys and values. Outputs in the order of the inputs of <see cref="Attention"/>; the gradient
/// of an operand without a batch is summed over the images.
/// </summary>
/// <remarks>The segments may be some of those that were attended to, where the query's gradient is not asked for.</remarks>
internal sealed record AttentionGradient(int Heads, int Segments) : Operation
{
    public override IReadOnlyList<string> InputNames => ["dOutput", "output", "logSum", "query", .. Attention.SegmentNames(Segments, "")];

    public override IReadOnlyList<string> OutputNames =>
        ["dQuery", .. Enumerable.Range(0, Segments).SelectMany(s => new[] { $"dKey{s}", $"dValue{s}" })];

    public override IReadOnlyList<OperationAttribute> Attributes => [Heads];

    /// <summary>The segments as a list, and their gradients.</summary>
    public override IReadOnlyList<RoutineArgument> RoutineArguments(IReadOnlyList<string> inputs, IReadOnlyList<string?> outputs) =>
        [.. inputs.Take(4), inputs.Skip(4).ToArray(), outputs[0], outputs.Skip(1).ToArray(), .. Attributes];

    public override string Formula(IReadOnlyList<string> inputs, IReadOnlyList<Shape> shapes) => $"Attention' applied to {inputs[0]}";

    public override string MethodName(IReadOnlyList<Shape> shapes) =>
        $"AttentionGradient{Heads}Heads{shapes[0].Rows}Over{Attention.KeyRows(shapes, 4)}";

    public override string KernelName(IReadOnlyList<Shape> shapes) => $"AttentionGradient{Heads}HeadsOf{shapes[0].Columns / Heads}";

    public override Shape[] InferShapes(IReadOnlyList<Shape> inputs)
    {
        Shape[] operands = inputs.Skip(3).ToArray();
        Attention.CheckSegments(operands, Segments, Heads);
        return operands;
    }

    public override long FloatingPointOperations(IReadOnlyList<Shape> inputs, IReadOnlyList<Shape?> outputs)
    {
        long products = 0;
        for (int s = 0; s < Segments; s++)
        {
            bool query = outputs[0] is not null, key = outputs[1 + (2 * s)] is not null, value = outputs[2 + (2 * s)] is not null;

            // The scores for any output, their gradient for all but the values', and one product for each output.
            int count = (query || key || value ? 1 : 0) + (query || key ? 1 : 0) + (query ? 1 : 0) + (key ? 1 : 0) + (value ? 1 : 0);
            products += (long)count * inputs[4 + (2 * s)].Rows;
        }

        return 2L * inputs[0].Count * products;
    }
}
