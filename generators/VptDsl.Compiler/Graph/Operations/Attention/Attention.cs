namespace VptDsl.Compiler.Graph.Operations;

/// <summary>
/// Multi-head scaled-dot-product attention of one query segment over several key/value segments, softmax over all keys together.
/// </summary>
/// <remarks>
/// A segment may lack the batch: then every image attends to the same keys, and they are stored once. Inputs: query, then key and
/// value of each segment, then the bias where there is one. The second output is the logarithm of each row's softmax sum, for each head.
/// </remarks>
/// <param name="Heads">Heads, side by side in the columns.</param>
/// <param name="Segments">Segments of keys and values.</param>
/// <param name="Biased">
/// Whether the scaled scores of the first segment's keys have a bias added, the same for all images: a row for each query, so that
/// fewer queries need fewer rows of it, and the heads side by side, with a column for each key.
/// </param>
internal sealed record Attention(int Heads, int Segments, bool Biased = false) : Operation
{
    public override IReadOnlyList<string> InputNames => ["query", .. SegmentNames(Segments, ""), .. BiasName(Biased)];

    public override IReadOnlyList<string> OutputNames => ["output", "logSum"];

    public override IReadOnlyList<OperationAttribute> Attributes => [Heads];

    /// <summary>The index of the bias among the inputs.</summary>
    internal int Bias => 1 + (2 * Segments);

    /// <summary>The segments as a list.</summary>
    public override IReadOnlyList<RoutineArgument> RoutineArguments(IReadOnlyList<string> inputs, IReadOnlyList<string?> outputs) =>
        [inputs[0], inputs.Take(Bias).Skip(1).ToArray(), .. outputs, .. Attributes, BiasArgument(inputs, Bias)];

    public override string Formula(IReadOnlyList<string> inputs, IReadOnlyList<Shape> shapes) =>
        $"Attention({string.Join(", ", inputs.Take(Bias))}){(Biased ? $" with {inputs[Bias]}" : "")}";

    public override string MethodName(IReadOnlyList<Shape> shapes) =>
        $"{Prefix(Biased)}Attention{Heads}Heads{shapes[0].Rows}Over{KeyRows(shapes, 1, Segments)}";

    public override string KernelName(IReadOnlyList<Shape> shapes) =>
        $"{Prefix(Biased)}Attention{Heads}HeadsOf{shapes[0].Columns / Heads}";

    public override Shape[] InferShapes(IReadOnlyList<Shape> inputs)
    {
        CheckOperands(inputs, Segments, Heads, Biased);
        Shape output = inputs[0] with { Batched = inputs.Any(i => i.Batched) };
        return [output, output.WithColumns(Heads)];
    }

    public override void Differentiate(GradientContext gradient)
    {
        // A query without a gradient needs none of the segments that have none either: the saved sum stands for them.
        IReadOnlyList<Value> operands = gradient.Node.Inputs;
        int[] segments =
        [
            .. Enumerable.Range(0, Segments).Where(s => gradient.Needs(0) || gradient.Needs(1 + (2 * s)) || gradient.Needs(2 + (2 * s))),
        ];
        bool biased = Biased && segments.Contains(0);
        int[] kept = [0, .. segments.SelectMany(s => new[] { 1 + (2 * s), 2 + (2 * s) })];
        Value[] saved = [gradient.OutputGradient, gradient.Output(0), gradient.Output(1)];
        if (segments.Length > 0)
        {
            Value[] inputs = [.. saved, .. kept.Select(i => operands[i]), .. biased ? [operands[Bias]] : Array.Empty<Value>()];
            string?[] names = kept.Select(i => gradient.Needs(i) ? operands[i].Name + "Gradient" : null).ToArray();
            Node node = gradient.Builder.Add(new AttentionGradient(Heads, segments.Length, biased), inputs, names);
            for (int i = 0; i < names.Length; i++)
            {
                if (node.Outputs[i] is { } contribution)
                    gradient.Contribute(kept[i], contribution);
            }
        }

        if (Biased && gradient.Needs(Bias))
        {
            gradient.Contribute(Bias, gradient.Builder.One(
                new AttentionBiasGradient(Heads), [.. saved, .. operands.Take(3), operands[Bias]], operands[Bias].Name + "Gradient"));
        }
    }

    public override bool IsRowwise(int input) => input == 0 || input == Bias;

    public override long FloatingPointOperations(IReadOnlyList<Shape> inputs, IReadOnlyList<Shape?> outputs) =>
        4L * inputs[0].Count * inputs.Take(Bias).Skip(1).Where((_, i) => i % 2 == 0).Sum(keys => keys.Rows);

    /// <summary>The rows of each segment's keys, in names.</summary>
    internal static string KeyRows(IReadOnlyList<Shape> shapes, int firstKey, int segments) =>
        string.Join("And", Enumerable.Range(0, segments).Select(s => shapes[firstKey + (2 * s)].Rows));

    /// <summary>What names begin with.</summary>
    internal static string Prefix(bool biased) => biased ? "Biased" : "";

    internal static IEnumerable<string> SegmentNames(int segments, string prefix) =>
        Enumerable.Range(0, segments).SelectMany(s => new[] { $"{prefix}key{s}", $"{prefix}value{s}" });

    internal static IReadOnlyList<string> BiasName(bool biased) => biased ? ["bias"] : [];

    /// <summary>The bias by its name, where there is one.</summary>
    internal static RoutineArgument BiasArgument(IReadOnlyList<string> inputs, int bias) =>
        new(bias < inputs.Count ? inputs[bias] : null, "bias");

    internal static void CheckOperands(IReadOnlyList<Shape> inputs, int segments, int heads, bool biased)
    {
        Require(
            inputs.Count == 1 + (2 * segments) + (biased ? 1 : 0),
            $"Attention over {segments} segments{(biased ? " with a bias" : "")} has {inputs.Count} inputs.");
        Require(inputs[0].Columns % heads == 0, $"The width is not a multiple of the heads.");
        for (int s = 0; s < segments; s++)
        {
            Require(
                inputs[1 + (2 * s)] == inputs[2 + (2 * s)] && inputs[1 + (2 * s)].Columns == inputs[0].Columns,
                $"Keys and values do not fit.");
        }

        Require(
            !biased || inputs[inputs.Count - 1] == new Shape(Batched: false, inputs[0].Rows, heads * inputs[1].Rows),
            $"The bias is {inputs[inputs.Count - 1]}.");
    }
}

/// <summary>
/// The gradients of attention's query, keys and values. Outputs in the order of the inputs of <see cref="Attention"/>; the gradient
/// of an operand without a batch is summed over the images.
/// </summary>
/// <remarks>The segments may be some of those that were attended to, where the query's gradient is not asked for.</remarks>
/// <param name="Heads">Heads, side by side in the columns.</param>
/// <param name="Segments">Segments of keys and values.</param>
/// <param name="Biased">Whether the first segment's scores have a bias: the last input. Its gradient is another operation's.</param>
internal sealed record AttentionGradient(int Heads, int Segments, bool Biased = false) : Operation
{
    public override IReadOnlyList<string> InputNames =>
        ["dOutput", "output", "logSum", "query", .. Attention.SegmentNames(Segments, ""), .. Attention.BiasName(Biased)];

    public override IReadOnlyList<string> OutputNames =>
        ["dQuery", .. Enumerable.Range(0, Segments).SelectMany(s => new[] { $"dKey{s}", $"dValue{s}" })];

    public override IReadOnlyList<OperationAttribute> Attributes => [Heads];

    /// <summary>The index of the bias among the inputs.</summary>
    internal int Bias => 4 + (2 * Segments);

    /// <summary>The segments as a list, and their gradients.</summary>
    public override IReadOnlyList<RoutineArgument> RoutineArguments(IReadOnlyList<string> inputs, IReadOnlyList<string?> outputs) =>
    [
        .. inputs.Take(4),
        inputs.Take(Bias).Skip(4).ToArray(),
        outputs[0],
        outputs.Skip(1).ToArray(),
        .. Attributes,
        Attention.BiasArgument(inputs, Bias),
    ];

    public override string Formula(IReadOnlyList<string> inputs, IReadOnlyList<Shape> shapes) => $"Attention' applied to {inputs[0]}";

    public override string MethodName(IReadOnlyList<Shape> shapes) =>
        $"{Attention.Prefix(Biased)}AttentionGradient{Heads}Heads{shapes[0].Rows}Over{Attention.KeyRows(shapes, 4, Segments)}";

    public override string KernelName(IReadOnlyList<Shape> shapes) =>
        $"{Attention.Prefix(Biased)}AttentionGradient{Heads}HeadsOf{shapes[0].Columns / Heads}";

    public override Shape[] InferShapes(IReadOnlyList<Shape> inputs)
    {
        Attention.CheckOperands([.. inputs.Skip(3)], Segments, Heads, Biased);
        return [.. inputs.Take(Bias).Skip(3)];
    }

    public override bool TakesRounded(int input) => input != 2;

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
