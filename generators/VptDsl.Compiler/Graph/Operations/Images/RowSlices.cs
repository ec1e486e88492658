namespace VptDsl.Compiler.Graph.Operations;

/// <summary>Consecutive rows of each image. A view where the plan can make it one.</summary>
internal sealed record SliceRows(int Start, int Count) : PlacedOperation
{
    public override IReadOnlyList<string> InputNames => ["x"];

    public override IReadOnlyList<string> OutputNames => ["rows"];

    public override Shape[] InferShapes(IReadOnlyList<Shape> inputs)
    {
        Require(Start >= 0 && Count > 0 && Start + Count <= inputs[0].Rows, $"Rows {Start} to {Start + Count} of {inputs[0]}.");
        return [inputs[0].WithRows(Count)];
    }

    public override void Differentiate(GradientContext gradient)
    {
        if (gradient.Needs(0))
        {
            Value x = gradient.Input(0);
            gradient.Contribute(0, gradient.Builder.PadRows(gradient.OutputGradient, Start, x.Shape.Rows, x.Name + "Gradient"));
        }
    }
}

/// <summary>Rows placed among zeros: the gradient of <see cref="SliceRows"/>.</summary>
internal sealed record PadRows(int Start, int Total) : Operation
{
    public override IReadOnlyList<string> InputNames => ["x"];

    public override IReadOnlyList<string> OutputNames => ["padded"];

    public override IReadOnlyList<OperationAttribute> Attributes => [Start];

    public override string Formula(IReadOnlyList<string> inputs, IReadOnlyList<Shape> shapes) =>
        $"{inputs[0]} from row {Start} on among zeros";

    public override Shape[] InferShapes(IReadOnlyList<Shape> inputs)
    {
        Require(Start >= 0 && Start + inputs[0].Rows <= Total, $"{inputs[0]} at row {Start} of {Total}.");
        return [inputs[0].WithRows(Total)];
    }

    public override long FloatingPointOperations(IReadOnlyList<Shape> inputs, IReadOnlyList<Shape?> outputs) => 0;
}

/// <summary>
/// x with the rows of part added from row <paramref name="Start"/> on: a sum with <see cref="PadRows"/> without the zeros.
/// </summary>
internal sealed record AddRows(int Start) : Operation
{
    public override IReadOnlyList<string> InputNames => ["x", "part"];

    public override IReadOnlyList<string> OutputNames => ["sum"];

    public override IReadOnlyList<OperationAttribute> Attributes => [Start];

    public override string Formula(IReadOnlyList<string> inputs, IReadOnlyList<Shape> shapes) =>
        $"{inputs[0]}, plus {inputs[1]} from row {Start} on";

    public override int InPlaceInput => 0;

    public override Shape[] InferShapes(IReadOnlyList<Shape> inputs)
    {
        Require(
            inputs[0].WithRows(inputs[1].Rows) == inputs[1] && Start >= 0 && Start + inputs[1].Rows <= inputs[0].Rows,
            $"{inputs[1]} into {inputs[0]}.");
        return [inputs[0]];
    }
}
