namespace VptDsl.Compiler.Graph.Operations;

/// <summary>Each head of each token as a row of its own, a token's heads one below the other.</summary>
internal sealed record SplitHeads(int Heads) : Operation
{
    public override IReadOnlyList<string> InputNames => ["x"];

    public override IReadOnlyList<string> OutputNames => ["heads"];

    public override IReadOnlyList<OperationAttribute> Attributes => [Heads];

    public override string Formula(IReadOnlyList<string> inputs, IReadOnlyList<Shape> shapes) => $"{inputs[0]}, a row for each head";

    public override string MethodName(IReadOnlyList<Shape> shapes) => $"Split{Heads}HeadsOf{shapes[0].Dimensions}";

    public override Shape[] InferShapes(IReadOnlyList<Shape> inputs)
    {
        Require(inputs[0].Columns % Heads == 0, $"{Heads} heads in {inputs[0]}.");
        return [inputs[0] with { Rows = inputs[0].Rows * Heads, Columns = inputs[0].Columns / Heads }];
    }

    public override void Differentiate(GradientContext gradient)
    {
        if (gradient.Needs(0))
        {
            gradient.Contribute(0, gradient.Builder.One(
                new JoinHeads(Heads), [gradient.OutputGradient], gradient.Input(0).Name + "Gradient"));
        }
    }

    public override (int Start, int Count)? RowsRead(int input, int start, int count) =>
        start % Heads == 0 && count % Heads == 0 ? (start / Heads, count / Heads) : null;

    public override long FloatingPointOperations(IReadOnlyList<Shape> inputs, IReadOnlyList<Shape?> outputs) => 0;
}

/// <summary>The heads of each token beside each other again.</summary>
internal sealed record JoinHeads(int Heads) : Operation
{
    public override IReadOnlyList<string> InputNames => ["heads"];

    public override IReadOnlyList<string> OutputNames => ["x"];

    public override IReadOnlyList<OperationAttribute> Attributes => [Heads];

    public override string Formula(IReadOnlyList<string> inputs, IReadOnlyList<Shape> shapes) => $"{inputs[0]}, a row for each token";

    public override string MethodName(IReadOnlyList<Shape> shapes) => $"Join{Heads}HeadsOf{shapes[0].Dimensions}";

    public override Shape[] InferShapes(IReadOnlyList<Shape> inputs)
    {
        Require(inputs[0].Rows % Heads == 0, $"{Heads} heads of each token in {inputs[0]}.");
        return [inputs[0] with { Rows = inputs[0].Rows / Heads, Columns = inputs[0].Columns * Heads }];
    }

    public override void Differentiate(GradientContext gradient)
    {
        if (gradient.Needs(0))
        {
            gradient.Contribute(0, gradient.Builder.One(
                new SplitHeads(Heads), [gradient.OutputGradient], gradient.Input(0).Name + "Gradient"));
        }
    }

    public override (int Start, int Count)? RowsRead(int input, int start, int count) => (start * Heads, count * Heads);

    public override long FloatingPointOperations(IReadOnlyList<Shape> inputs, IReadOnlyList<Shape?> outputs) => 0;
}
