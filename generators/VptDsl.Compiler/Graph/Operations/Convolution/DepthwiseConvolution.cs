namespace VptDsl.Compiler.Graph.Operations;

/// <summary>
/// A convolution of each channel by itself, over a map of <paramref name="Size"/> × <paramref name="Size"/> pixels that keeps its size:
/// the kernel is odd, with zeros around the map.
/// </summary>
/// <remarks>Inputs: map [size², channels], weight [kernel², channels], bias [1, channels].</remarks>
internal sealed record DepthwiseConvolution(int Size, int Kernel) : Operation
{
    public override IReadOnlyList<string> InputNames => ["map", "weight", "bias"];

    public override IReadOnlyList<string> OutputNames => ["y"];

    public override IReadOnlyList<OperationAttribute> Attributes => [Size, Kernel];

    public override string Formula(IReadOnlyList<string> inputs, IReadOnlyList<Shape> shapes) =>
        $"{inputs[0]} ∗ {inputs[1]} + {inputs[2]}, channel by channel";

    public override Shape[] InferShapes(IReadOnlyList<Shape> inputs)
    {
        Check(Size, Kernel, inputs[0], inputs[1]);
        Require(inputs[2] == new Shape(false, 1, inputs[0].Columns), $"The bias of {inputs[0]} is {inputs[2]}.");
        return [inputs[0]];
    }

    public override void Differentiate(GradientContext gradient)
    {
        Value dy = gradient.OutputGradient, map = gradient.Input(0), weight = gradient.Input(1), bias = gradient.Input(2);
        if (gradient.Needs(0))
            gradient.Contribute(0, gradient.Builder.One(new DepthwiseInputGradient(Size, Kernel), [dy, weight], map.Name + "Gradient"));
        if (gradient.Needs(1))
            gradient.Contribute(1, gradient.Builder.One(new DepthwiseWeightGradient(Size, Kernel), [dy, map], weight.Name + "Gradient"));
        if (gradient.Needs(2))
            gradient.Contribute(2, gradient.Builder.SumRows(dy, bias.Name + "Gradient"));
    }

    public override long FloatingPointOperations(IReadOnlyList<Shape> inputs, IReadOnlyList<Shape?> outputs) =>
        2L * Kernel * Kernel * inputs[0].Count;

    internal static void Check(int size, int kernel, Shape map, Shape weight)
    {
        Require(kernel % 2 == 1 && map.Rows == size * size, $"{map} is no map of {size} × {size} for a kernel of {kernel}.");
        Require(weight == new Shape(false, kernel * kernel, map.Columns), $"The weight of {map} is {weight}.");
    }
}

/// <summary>The gradient of the map: a convolution with the kernel turned around.</summary>
internal sealed record DepthwiseInputGradient(int Size, int Kernel) : Operation
{
    public override IReadOnlyList<string> InputNames => ["dy", "weight"];

    public override IReadOnlyList<string> OutputNames => ["dMap"];

    public override IReadOnlyList<OperationAttribute> Attributes => [Size, Kernel];

    public override string Formula(IReadOnlyList<string> inputs, IReadOnlyList<Shape> shapes) =>
        $"{inputs[0]} ∗ {inputs[1]} turned around, channel by channel";

    public override Shape[] InferShapes(IReadOnlyList<Shape> inputs)
    {
        DepthwiseConvolution.Check(Size, Kernel, inputs[0], inputs[1]);
        return [inputs[0]];
    }

    public override long FloatingPointOperations(IReadOnlyList<Shape> inputs, IReadOnlyList<Shape?> outputs) =>
        2L * Kernel * Kernel * inputs[0].Count;
}

/// <summary>The gradient of the weight, summed over all pixels of all images: [kernel², channels].</summary>
internal sealed record DepthwiseWeightGradient(int Size, int Kernel) : Operation
{
    public override IReadOnlyList<string> InputNames => ["dy", "map"];

    public override IReadOnlyList<string> OutputNames => ["dWeight"];

    public override IReadOnlyList<OperationAttribute> Attributes => [Size, Kernel];

    public override string Formula(IReadOnlyList<string> inputs, IReadOnlyList<Shape> shapes) =>
        $"the gradient of the kernels between {inputs[1]} and {inputs[0]}";

    public override Shape[] InferShapes(IReadOnlyList<Shape> inputs)
    {
        Require(inputs[0] == inputs[1], $"The gradient of {inputs[1]} is {inputs[0]}.");
        var weight = new Shape(Batched: false, Kernel * Kernel, inputs[0].Columns);
        DepthwiseConvolution.Check(Size, Kernel, inputs[0], weight);
        return [weight];
    }

    public override bool TakesRounded(int input) => true;

    public override long FloatingPointOperations(IReadOnlyList<Shape> inputs, IReadOnlyList<Shape?> outputs) =>
        2L * Kernel * Kernel * inputs[0].Count;
}
