namespace VptDsl.Compiler.Graph.Operations;

/// <summary>
/// Joins each 2 × 2 neighbouring tokens of a square grid into one of four times the width: upper left, lower left, upper right, lower
/// right.
/// </summary>
internal sealed record MergeNeighbours(int Side) : Operation
{
    public override IReadOnlyList<string> InputNames => ["x"];

    public override IReadOnlyList<string> OutputNames => ["merged"];

    public override IReadOnlyList<OperationAttribute> Attributes => [Side];

    public override string Formula(IReadOnlyList<string> inputs, IReadOnlyList<Shape> shapes) =>
        $"2 × 2 neighbours of {inputs[0]} side by side";

    public override Shape[] InferShapes(IReadOnlyList<Shape> inputs)
    {
        Require(Side % 2 == 0 && inputs[0].Rows == Side * Side, $"{inputs[0]} is no grid of {Side} tokens a side that can be halved.");
        return [new(inputs[0].Batched, Side * Side / 4, 4 * inputs[0].Columns)];
    }

    public override void Differentiate(GradientContext gradient)
    {
        if (gradient.Needs(0))
        {
            gradient.Contribute(
                0, gradient.Builder.One(new SplitNeighbours(Side), [gradient.OutputGradient], gradient.Input(0).Name + "Gradient"));
        }
    }

    public override long FloatingPointOperations(IReadOnlyList<Shape> inputs, IReadOnlyList<Shape?> outputs) => 0;
}

/// <summary>Puts tokens that <see cref="MergeNeighbours"/> joined back into their grid: its gradient.</summary>
internal sealed record SplitNeighbours(int Side) : Operation
{
    public override IReadOnlyList<string> InputNames => ["merged"];

    public override IReadOnlyList<string> OutputNames => ["x"];

    public override IReadOnlyList<OperationAttribute> Attributes => [Side];

    public override string Formula(IReadOnlyList<string> inputs, IReadOnlyList<Shape> shapes) =>
        $"the neighbours in {inputs[0]}, each at its place";

    public override Shape[] InferShapes(IReadOnlyList<Shape> inputs)
    {
        Require(
            Side % 2 == 0 && inputs[0].Rows == Side * Side / 4 && inputs[0].Columns % 4 == 0,
            $"{inputs[0]} is no grid of {Side / 2} tokens a side.");
        return [new(inputs[0].Batched, Side * Side, inputs[0].Columns / 4)];
    }

    public override long FloatingPointOperations(IReadOnlyList<Shape> inputs, IReadOnlyList<Shape?> outputs) => 0;
}
