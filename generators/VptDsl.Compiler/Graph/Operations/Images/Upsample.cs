namespace VptDsl.Compiler.Graph.Operations;

/// <summary>
/// A square map of pixels, enlarged by bilinear interpolation: each pixel becomes factor × factor, and stays in the middle of them
/// (what libraries call <c>align_corners = false</c>). Beyond the outermost middles the map stays as it is there.
/// </summary>
/// <param name="Size">Height and width of the map.</param>
/// <param name="Factor">By how much both grow.</param>
internal sealed record Upsample(int Size, int Factor) : Operation
{
    public override IReadOnlyList<string> InputNames => ["map"];

    public override IReadOnlyList<string> OutputNames => ["enlarged"];

    public override IReadOnlyList<OperationAttribute> Attributes => [Size, Factor];

    public override string Formula(IReadOnlyList<string> inputs, IReadOnlyList<Shape> shapes) => $"{inputs[0]} enlarged by {Factor}";

    public override Shape[] InferShapes(IReadOnlyList<Shape> inputs)
    {
        Require(Factor > 0 && inputs[0].Rows == Size * Size, $"{inputs[0]} is no map of {Size} × {Size} pixels to enlarge by {Factor}.");
        return [inputs[0].WithRows(Size * Factor * Size * Factor)];
    }

    public override void Differentiate(GradientContext gradient)
    {
        if (gradient.Needs(0))
        {
            gradient.Contribute(0, gradient.Builder.One(
                new UpsampleGradient(Size, Factor), [gradient.OutputGradient], gradient.Input(0).Name + "Gradient"));
        }
    }

    public override long FloatingPointOperations(IReadOnlyList<Shape> inputs, IReadOnlyList<Shape?> outputs) =>
        7L * Factor * Factor * inputs[0].Count;
}

/// <summary>The gradient of <see cref="Upsample"/>: each pixel's weighted sum over the enlarged pixels that read it.</summary>
internal sealed record UpsampleGradient(int Size, int Factor) : Operation
{
    public override IReadOnlyList<string> InputNames => ["dEnlarged"];

    public override IReadOnlyList<string> OutputNames => ["dMap"];

    public override IReadOnlyList<OperationAttribute> Attributes => [Size, Factor];

    public override string Formula(IReadOnlyList<string> inputs, IReadOnlyList<Shape> shapes) =>
        $"the weighted sums of {inputs[0]} over the pixels of which each was enlarged by {Factor}";

    public override Shape[] InferShapes(IReadOnlyList<Shape> inputs)
    {
        Require(
            inputs[0].Rows == Size * Factor * Size * Factor,
            $"{inputs[0]} is no gradient of a map of {Size} × {Size} pixels enlarged by {Factor}.");
        return [inputs[0].WithRows(Size * Size)];
    }

    public override long FloatingPointOperations(IReadOnlyList<Shape> inputs, IReadOnlyList<Shape?> outputs) => 8 * inputs[0].Count;
}
