namespace VptDsl.Compiler.Graph.Operations;

/// <summary>
/// The patches of each map of pixels, one a row: tap by tap, line by line, the channels of each pixel together; zeros outside the map.
/// A convolution is the product of the patches and its weight.
/// </summary>
internal sealed record ExtractSlidingPatches(SlidingPatch Grid) : Operation
{
    public override IReadOnlyList<string> InputNames => ["map"];

    public override IReadOnlyList<string> OutputNames => ["patches"];

    public override IReadOnlyList<OperationAttribute> Attributes => [Grid];

    public override string Formula(IReadOnlyList<string> inputs, IReadOnlyList<Shape> shapes) =>
        $"the patches {Grid.Describe()} of {inputs[0]}";

    public override Shape[] InferShapes(IReadOnlyList<Shape> inputs)
    {
        Require(inputs[0].Rows == Grid.Pixels && Grid.IsPossible, $"{inputs[0]} has no patches {Grid}.");
        return [new(inputs[0].Batched, Grid.Patches, Grid.Taps * inputs[0].Columns)];
    }

    public override void Differentiate(GradientContext gradient)
    {
        if (gradient.Needs(0))
        {
            gradient.Contribute(
                0, gradient.Builder.One(new FoldSlidingPatches(Grid), [gradient.OutputGradient], gradient.Input(0).Name + "Gradient"));
        }
    }

    public override bool TakesRounded(int input) => true;

    public override long FloatingPointOperations(IReadOnlyList<Shape> inputs, IReadOnlyList<Shape?> outputs) => 0;
}

/// <summary>The gradient of <see cref="ExtractSlidingPatches"/>: each pixel's sum over the patches that hold it.</summary>
internal sealed record FoldSlidingPatches(SlidingPatch Grid) : Operation
{
    public override IReadOnlyList<string> InputNames => ["dPatches"];

    public override IReadOnlyList<string> OutputNames => ["dMap"];

    public override IReadOnlyList<OperationAttribute> Attributes => [Grid];

    public override string Formula(IReadOnlyList<string> inputs, IReadOnlyList<Shape> shapes) =>
        $"each pixel's sum over its patches {Grid.Describe()} in {inputs[0]}";

    public override Shape[] InferShapes(IReadOnlyList<Shape> inputs)
    {
        Require(inputs[0].Rows == Grid.Patches && inputs[0].Columns % Grid.Taps == 0, $"{inputs[0]} are no patches {Grid}.");
        return [new(inputs[0].Batched, Grid.Pixels, inputs[0].Columns / Grid.Taps)];
    }

    public override long FloatingPointOperations(IReadOnlyList<Shape> inputs, IReadOnlyList<Shape?> outputs) => inputs[0].Count;
}
