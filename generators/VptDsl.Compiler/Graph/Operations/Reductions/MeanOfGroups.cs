namespace VptDsl.Compiler.Graph.Operations;

/// <summary>
/// The mean over groups of rows that lie one below the other: row r of the result is the mean of the rows r of all groups of an image.
/// With as many groups as rows it is the mean of all rows.
/// </summary>
internal sealed record MeanOfGroups(int Groups) : Operation
{
    public override IReadOnlyList<string> InputNames => ["x"];

    public override IReadOnlyList<string> OutputNames => ["mean"];

    public override IReadOnlyList<OperationAttribute> Attributes => [Groups];

    public override string Formula(IReadOnlyList<string> inputs, IReadOnlyList<Shape> shapes) =>
        Groups == shapes[0].Rows ? $"the mean of the rows of {inputs[0]}" : $"the mean of {Groups} groups of rows of {inputs[0]}";

    public override Shape[] InferShapes(IReadOnlyList<Shape> inputs)
    {
        Require(Groups > 0 && inputs[0].Rows % Groups == 0, $"{inputs[0]} does not have {Groups} groups of rows.");
        return [inputs[0].WithRows(inputs[0].Rows / Groups)];
    }

    public override void Differentiate(GradientContext gradient)
    {
        if (gradient.Needs(0))
        {
            gradient.Contribute(
                0, gradient.Builder.One(new SpreadToGroups(Groups), [gradient.OutputGradient], gradient.Input(0).Name + "Gradient"));
        }
    }

    public override long FloatingPointOperations(IReadOnlyList<Shape> inputs, IReadOnlyList<Shape?> outputs) => inputs[0].Count;
}

/// <summary>A part of each row for every group, 1 / groups of it: the gradient of <see cref="MeanOfGroups"/>.</summary>
internal sealed record SpreadToGroups(int Groups) : Operation
{
    public override IReadOnlyList<string> InputNames => ["mean"];

    public override IReadOnlyList<string> OutputNames => ["x"];

    public override IReadOnlyList<OperationAttribute> Attributes => [Groups];

    public override string Formula(IReadOnlyList<string> inputs, IReadOnlyList<Shape> shapes) =>
        $"{inputs[0]} / {Groups} for each of {Groups} groups of rows";

    public override Shape[] InferShapes(IReadOnlyList<Shape> inputs) => [inputs[0].WithRows(inputs[0].Rows * Groups)];
}
