namespace VptDsl.Compiler.Graph.Operations;

/// <summary>The largest value of each channel in each patch of a map; what lies outside the map does not count.</summary>
internal sealed record MaxPool(SlidingPatch Grid) : Operation
{
    public override IReadOnlyList<string> InputNames => ["map"];

    public override IReadOnlyList<string> OutputNames => ["largest"];

    public override IReadOnlyList<OperationAttribute> Attributes => [Grid];

    public override string Formula(IReadOnlyList<string> inputs, IReadOnlyList<Shape> shapes) =>
        $"the largest of the patches {Grid.Describe()} of {inputs[0]}";

    public override Shape[] InferShapes(IReadOnlyList<Shape> inputs)
    {
        Require(inputs[0].Rows == Grid.Pixels && Grid.IsPossible, $"{inputs[0]} has no patches {Grid}.");
        return [inputs[0].WithRows(Grid.Patches)];
    }

    public override void Differentiate(GradientContext gradient)
    {
        if (gradient.Needs(0))
        {
            Value map = gradient.Input(0);
            gradient.Contribute(0, gradient.Builder.One(
                new MaxPoolGradient(Grid), [gradient.OutputGradient, map, gradient.Output(0)], map.Name + "Gradient"));
        }
    }

    public override long FloatingPointOperations(IReadOnlyList<Shape> inputs, IReadOnlyList<Shape?> outputs) =>
        (long)Grid.Taps * Grid.Patches * inputs[0].Columns;
}

/// <summary>The gradient of <see cref="MaxPool"/>: of equal largest values in a patch, the first has all of it.</summary>
internal sealed record MaxPoolGradient(SlidingPatch Grid) : Operation
{
    public override IReadOnlyList<string> InputNames => ["dLargest", "map", "largest"];

    public override IReadOnlyList<string> OutputNames => ["dMap"];

    public override IReadOnlyList<OperationAttribute> Attributes => [Grid];

    public override string Formula(IReadOnlyList<string> inputs, IReadOnlyList<Shape> shapes) =>
        $"{inputs[0]} where {inputs[1]} is the largest of its patch";

    public override Shape[] InferShapes(IReadOnlyList<Shape> inputs)
    {
        Require(
            inputs[1].Rows == Grid.Pixels && inputs[0] == inputs[1].WithRows(Grid.Patches) && inputs[2] == inputs[0],
            $"{inputs[0]} is no gradient of a pooled {inputs[1]}.");
        return [inputs[1]];
    }

    public override long FloatingPointOperations(IReadOnlyList<Shape> inputs, IReadOnlyList<Shape?> outputs) =>
        (long)Grid.Taps * Grid.Patches * inputs[0].Columns;
}
