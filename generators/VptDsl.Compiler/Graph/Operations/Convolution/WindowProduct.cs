namespace VptDsl.Compiler.Graph.Operations;

/// <summary>
/// A convolution: the product of a map's windows [pixels, channels] and a weight [outputs, taps * channels], without the windows ever
/// being stored. What <see cref="ExtractWindows"/> and <see cref="Product"/> compute together.
/// </summary>
internal sealed record WindowProduct(SlidingWindow Grid, Epilogue Epilogue) : ProductOperation(Epilogue)
{
    public override IReadOnlyList<OperationAttribute> Attributes => [Grid];

    protected override IReadOnlyList<string> FactorNames => ["map", "weight"];

    public override long FloatingPointOperations(IReadOnlyList<Shape> inputs, IReadOnlyList<Shape?> outputs) =>
        2L * Grid.Windows * inputs[1].Count;

    protected override string FormulaOfProduct(string left, string right) => $"{left} ∗ {right} over windows {Grid.Describe()}";

    protected override string NameOfProduct(Shape left, Shape right) => $"WindowProduct{left.Dimensions}";

    protected override Shape InferProduct(Shape left, Shape right)
    {
        Require(left.Rows == Grid.Pixels && Grid.IsPossible, $"{left} has no windows {Grid}.");
        Require(!right.Batched && right.Columns == Grid.Taps * left.Columns, $"{right} is no weight for windows of {left}.");
        return new(left.Batched, Grid.Windows, right.Rows);
    }
}
