namespace VptDsl.Compiler.Graph.Operations;

/// <summary>The mean of the rows of each image: global average pooling.</summary>
internal sealed record MeanRows : Operation
{
    public override IReadOnlyList<string> InputNames => ["x"];

    public override IReadOnlyList<string> OutputNames => ["mean"];

    public override Shape[] InferShapes(IReadOnlyList<Shape> inputs) => [inputs[0].WithRows(1)];

    public override void Differentiate(GradientContext gradient)
    {
        if (gradient.Needs(0))
        {
            Value x = gradient.Input(0);
            gradient.Contribute(0, gradient.Builder.One(new MeanRowsGradient(x.Shape.Rows), [gradient.OutputGradient], x.Name + "Gradient"));
        }
    }

    public override long FloatingPointOperations(IReadOnlyList<Shape> inputs, IReadOnlyList<Shape?> outputs) => inputs[0].Count;
}

/// <summary>Each of <paramref name="Rows"/> rows is the gradient of their mean, divided by their number.</summary>
internal sealed record MeanRowsGradient(int Rows) : Operation
{
    public override IReadOnlyList<string> InputNames => ["dMean"];

    public override IReadOnlyList<string> OutputNames => ["dx"];

    public override Shape[] InferShapes(IReadOnlyList<Shape> inputs)
    {
        Require(inputs[0].Rows == 1 && Rows > 0, $"The gradient of a mean of {Rows} rows is {inputs[0]}.");
        return [inputs[0].WithRows(Rows)];
    }
}
