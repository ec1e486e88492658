namespace VptDsl.Compiler.Graph.Operations;

/// <summary>
/// Each two neighbouring columns, rounded to bfloat16, halves to even, as the bits of one float: the first column's are the lower half.
/// What is NaN stays so.
/// </summary>
/// <remarks>
/// A packed value is a matrix of half the columns to whoever places, copies or views it. What it holds are no numbers: nothing but
/// <see cref="UnpackPairs"/> may compute with them.
/// </remarks>
internal sealed record PackPairs : Operation
{
    public override IReadOnlyList<string> InputNames => ["x"];

    public override IReadOnlyList<string> OutputNames => ["packed"];

    public override IReadOnlyList<OperationAttribute> Attributes => [];

    public override string Formula(IReadOnlyList<string> inputs, IReadOnlyList<Shape> shapes) => $"{inputs[0]} in bfloat16, two in a float";

    public override Shape[] InferShapes(IReadOnlyList<Shape> inputs)
    {
        Require(inputs[0].Columns % 2 == 0, $"{inputs[0]} has a column without a neighbour.");
        return [inputs[0].WithColumns(inputs[0].Columns / 2)];
    }

    public override bool IsRowwise(int input) => true;

    public override long FloatingPointOperations(IReadOnlyList<Shape> inputs, IReadOnlyList<Shape?> outputs) => 0;
}

/// <summary>The columns that <see cref="PackPairs"/> packed, as floats.</summary>
internal sealed record UnpackPairs : Operation
{
    public override IReadOnlyList<string> InputNames => ["packed"];

    public override IReadOnlyList<string> OutputNames => ["x"];

    public override IReadOnlyList<OperationAttribute> Attributes => [];

    public override string Formula(IReadOnlyList<string> inputs, IReadOnlyList<Shape> shapes) => $"the floats of {inputs[0]}";

    public override Shape[] InferShapes(IReadOnlyList<Shape> inputs) => [inputs[0].WithColumns(2 * inputs[0].Columns)];

    public override bool IsRowwise(int input) => true;

    public override long FloatingPointOperations(IReadOnlyList<Shape> inputs, IReadOnlyList<Shape?> outputs) => 0;
}
