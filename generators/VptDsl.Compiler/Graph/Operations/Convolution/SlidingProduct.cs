namespace VptDsl.Compiler.Graph.Operations;

/// <summary>
/// A convolution: the product of a map's patches [pixels, channels] and a weight [outputs, taps * channels], without the patches ever
/// being stored. What <see cref="ExtractSlidingPatches"/> and <see cref="Product"/> compute together.
/// </summary>
internal sealed record SlidingProduct(SlidingPatch Grid, Epilogue Epilogue) : ProductOperation(Epilogue)
{
    public override IReadOnlyList<OperationAttribute> Attributes => [Grid];

    protected override IReadOnlyList<string> FactorNames => ["map", "weight"];

    public override long FloatingPointOperations(IReadOnlyList<Shape> inputs, IReadOnlyList<Shape?> outputs) =>
        2L * Grid.Patches * inputs[1].Count;

    protected override string FormulaOfProduct(string left, string right) => $"{left} ∗ {right} over patches {Grid.Describe()}";

    protected override string NameOfProduct(Shape left, Shape right) => $"SlidingProduct{left.Dimensions}";

    protected override Shape InferProduct(Shape left, Shape right)
    {
        Require(left.Rows == Grid.Pixels && Grid.IsPossible, $"{left} has no patches {Grid}.");
        Require(!right.Batched && right.Columns == Grid.Taps * left.Columns, $"{right} is no weight for patches of {left}.");
        return new(left.Batched, Grid.Patches, right.Rows);
    }
}
