namespace VptDsl.Compiler.Graph.Operations;

/// <summary>
/// Spreads a table of biases by relative position over all pairs of tokens: the bias that <see cref="Attention"/> takes, a row for each
/// query and the heads side by side, with a column for each key.
/// </summary>
/// <remarks>Input: the table, a row for each of <see cref="RelativePositions"/> and a column for each head.</remarks>
internal sealed record ExpandRelativeBias(RelativePositions Positions) : Operation
{
    public override IReadOnlyList<string> InputNames => ["table"];

    public override IReadOnlyList<string> OutputNames => ["bias"];

    public override IReadOnlyList<OperationAttribute> Attributes => Positions.Attributes;

    public override string Formula(IReadOnlyList<string> inputs, IReadOnlyList<Shape> shapes) => $"{inputs[0]} by {Positions.Describe()}";

    public override string MethodName(IReadOnlyList<Shape> shapes) => $"ExpandRelativeBias{shapes[0].Columns}Heads{Positions.Name}";

    public override Shape[] InferShapes(IReadOnlyList<Shape> inputs)
    {
        Require(Positions.IsValid, $"There are no {Positions.Describe()}.");
        Require(
            inputs[0] == new Shape(Batched: false, Positions.Count, inputs[0].Columns),
            $"{inputs[0]} is no table of {Positions.Describe()}.");
        return [new(Batched: false, Positions.Tokens, inputs[0].Columns * Positions.Tokens)];
    }

    public override void Differentiate(GradientContext gradient)
    {
        if (gradient.Needs(0))
        {
            gradient.Contribute(0, gradient.Builder.One(
                new ExpandRelativeBiasGradient(Positions), [gradient.OutputGradient], gradient.Input(0).Name + "Gradient"));
        }
    }

    public override long FloatingPointOperations(IReadOnlyList<Shape> inputs, IReadOnlyList<Shape?> outputs) => 0;
}

/// <summary>The gradient of <see cref="ExpandRelativeBias"/>: for each relative position and head, the sum over the pairs at it.</summary>
internal sealed record ExpandRelativeBiasGradient(RelativePositions Positions) : Operation
{
    public override IReadOnlyList<string> InputNames => ["dBias"];

    public override IReadOnlyList<string> OutputNames => ["dTable"];

    public override IReadOnlyList<OperationAttribute> Attributes => Positions.Attributes;

    public override string Formula(IReadOnlyList<string> inputs, IReadOnlyList<Shape> shapes) =>
        $"the sums of {inputs[0]} over the pairs at {Positions.Describe()}";

    public override string MethodName(IReadOnlyList<Shape> shapes) => $"ExpandRelativeBiasGradient{Heads(shapes)}Heads{Positions.Name}";

    public override Shape[] InferShapes(IReadOnlyList<Shape> inputs)
    {
        Require(
            Positions.IsValid && inputs[0] == new Shape(Batched: false, Positions.Tokens, Heads(inputs) * Positions.Tokens),
            $"{inputs[0]} is no bias by {Positions.Describe()}.");
        return [new(Batched: false, Positions.Count, Heads(inputs))];
    }

    private int Heads(IReadOnlyList<Shape> shapes) => shapes[0].Columns / Positions.Tokens;
}
