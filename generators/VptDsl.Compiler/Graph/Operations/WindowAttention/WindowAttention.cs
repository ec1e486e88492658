namespace VptDsl.Compiler.Graph.Operations;

/// <summary>
/// Attention inside the windows of a grid: a window's queries attend to its tokens and to prompts that all windows share, with one
/// softmax. Tokens stay in the order of the grid; the operation itself finds those of a window.
/// </summary>
/// <remarks>
/// Inputs: query, key and value; for the image's own queries the table of relative position biases, [positions, heads]; then, where
/// there are prompts, their keys and values. Prompts have neither position nor mask. Image queries give a row for each token;
/// prompt queries (<paramref name="OfPrompts"/>) attend in every window and give a row for each window and prompt, window by window.
/// The second output is the logarithm of each row's softmax sum, for each head.
/// </remarks>
internal sealed record WindowAttention(int Heads, WindowGrid Grid, bool OfPrompts, bool OverPrompts) : Operation
{
    public override IReadOnlyList<string> InputNames =>
        ["query", "key", "value", .. OfPrompts ? [] : new[] { "bias" }, .. OverPrompts ? new[] { "promptKey", "promptValue" } : []];

    public override IReadOnlyList<string> OutputNames => ["output", "logSum"];

    public override IReadOnlyList<OperationAttribute> Attributes => [Heads, Grid.Side, Grid.Window, Grid.Shift];

    /// <summary>A place for each operand that attention in windows may have.</summary>
    public override IReadOnlyList<RoutineArgument> RoutineArguments(IReadOnlyList<string> inputs, IReadOnlyList<string?> outputs) =>
        [.. Places(inputs), .. outputs, .. Attributes];

    public override string Formula(IReadOnlyList<string> inputs, IReadOnlyList<Shape> shapes) =>
        $"Attention({string.Join(", ", inputs)}) in {Grid.Describe()}";

    public override string MethodName(IReadOnlyList<Shape> shapes) => MethodName(shapes, "");

    /// <summary>The index of the prompts' keys among the inputs; their values follow.</summary>
    public int PromptKey => OfPrompts ? 3 : 4;

    public override Shape[] InferShapes(IReadOnlyList<Shape> inputs)
    {
        Check(inputs);
        int rows = OfPrompts ? Grid.Windows * inputs[0].Rows : Grid.Tokens;
        var output = new Shape(Batched: true, rows, inputs[0].Columns);
        return [output, output.WithColumns(Heads)];
    }

    public override void Differentiate(GradientContext gradient)
    {
        IReadOnlyList<Value> operands = gradient.Node.Inputs;
        string?[] names = operands.Select((o, i) => gradient.Needs(i) ? o.Name + "Gradient" : null).ToArray();
        Node node = gradient.Builder.Add(
            new WindowAttentionGradient(this), [gradient.OutputGradient, gradient.Output(0), gradient.Output(1), .. operands], names);
        for (int i = 0; i < names.Length; i++)
        {
            if (node.Outputs[i] is { } contribution)
                gradient.Contribute(i, contribution);
        }
    }

    public override long FloatingPointOperations(IReadOnlyList<Shape> inputs, IReadOnlyList<Shape?> outputs) =>
        4 * QueryElements(inputs) * Keys(inputs);

    /// <summary>The operands, or their gradients, with null for those that this attention lacks.</summary>
    internal IEnumerable<string?> Places(IReadOnlyList<string?> operands) =>
    [
        .. operands.Take(3),
        OfPrompts ? null : operands[3],
        .. OverPrompts ? operands.Skip(PromptKey) : [null, null],
    ];

    internal string MethodName(IReadOnlyList<Shape> shapes, string suffix)
    {
        string kind = (OfPrompts ? "Prompt" : "") + (Grid.Shift == 0 ? "" : "Shifted");
        string prompts = OverPrompts ? $"And{shapes[PromptKey].Rows}" : "";
        return $"{kind}WindowAttention{suffix}{Heads}Heads{shapes[0].Rows}Over{Grid.TokensOfWindow}{prompts}";
    }

    internal void Check(IReadOnlyList<Shape> inputs)
    {
        Require(Grid.IsValid, $"Windows of {Grid.Window} shifted by {Grid.Shift} in a grid of {Grid.Side}.");
        Require(inputs.Count == InputNames.Count, $"Attention in windows has {inputs.Count} inputs.");
        Shape image = new(Batched: true, Grid.Tokens, inputs[0].Columns);
        Require(inputs[0].Columns % Heads == 0, $"The width is not a multiple of the heads.");
        Require(OfPrompts || inputs[0] == image, $"Queries are {inputs[0]}.");
        Require(inputs[1] == image && inputs[2] == image, $"Keys are {inputs[1]}, values {inputs[2]}.");
        Require(OfPrompts || inputs[3] == new Shape(false, Grid.RelativePositions, Heads), $"The position biases do not fit.");
        Require(
            !OverPrompts || (inputs[PromptKey] == inputs[PromptKey + 1] && inputs[PromptKey].Columns == image.Columns),
            $"The prompts do not fit.");
    }

    internal long QueryElements(IReadOnlyList<Shape> inputs) => inputs[0].Count * (OfPrompts ? Grid.Windows : 1);

    internal long Keys(IReadOnlyList<Shape> inputs) => Grid.TokensOfWindow + (OverPrompts ? inputs[PromptKey].Rows : 0);
}

/// <summary>
/// The gradients of attention in windows, in the order of its inputs; those of operands without a batch are summed over the images.
/// </summary>
internal sealed record WindowAttentionGradient(WindowAttention Forward) : Operation
{
    public override IReadOnlyList<string> InputNames => ["dOutput", "output", "logSum", .. Forward.InputNames];

    public override IReadOnlyList<string> OutputNames =>
        [.. Forward.InputNames.Select(n => $"d{char.ToUpperInvariant(n[0])}{n.Substring(1)}")];

    public override IReadOnlyList<OperationAttribute> Attributes => Forward.Attributes;

    /// <summary>A place for each operand that attention in windows may have, and for its gradient.</summary>
    public override IReadOnlyList<RoutineArgument> RoutineArguments(IReadOnlyList<string> inputs, IReadOnlyList<string?> outputs) =>
        [.. inputs.Take(3), .. Forward.Places([.. inputs.Skip(3)]), .. Forward.Places(outputs), .. Attributes];

    public override string Formula(IReadOnlyList<string> inputs, IReadOnlyList<Shape> shapes) =>
        $"Attention' in {Forward.Grid.Describe()} applied to {inputs[0]}";

    public override string MethodName(IReadOnlyList<Shape> shapes) => Forward.MethodName([.. shapes.Skip(3)], "Gradient");

    public override Shape[] InferShapes(IReadOnlyList<Shape> inputs)
    {
        Shape[] operands = inputs.Skip(3).ToArray();
        Shape[] outputs = Forward.InferShapes(operands);
        Require(
            inputs[0] == outputs[0] && inputs[1] == outputs[0] && inputs[2] == outputs[1], $"The gradient of {outputs[0]} is {inputs[0]}.");
        return operands;
    }

    public override bool TakesRounded(int input) => input != 2;

    public override long FloatingPointOperations(IReadOnlyList<Shape> inputs, IReadOnlyList<Shape?> outputs)
    {
        Shape[] operands = inputs.Skip(3).ToArray();

        // Scores and their gradients, then a product for the queries, one for keys and one for values.
        int products = 2 + (outputs[0] is null ? 0 : 1) + (Wanted(1) ? 1 : 0) + (Wanted(2) ? 1 : 0);
        return 2 * products * Forward.QueryElements(operands) * Forward.Keys(operands);

        bool Wanted(int index) =>
            outputs[index] is not null || (Forward.OverPrompts && outputs[Forward.PromptKey + index - 1] is not null);
    }
}
