namespace VptDsl.Compiler.Graph.Operations;

/// <summary>max(x, 0); what is no number stays so.</summary>
internal sealed record Relu : Operation
{
    public override IReadOnlyList<string> InputNames => ["x"];

    public override IReadOnlyList<string> OutputNames => ["y"];

    public override int InPlaceInput => 0;

    public override Shape[] InferShapes(IReadOnlyList<Shape> inputs) => [inputs[0]];

    public override void Differentiate(GradientContext gradient)
    {
        if (gradient.Needs(0))
        {
            // The result tells where the input was positive, and is kept for what follows anyway.
            gradient.Contribute(0, gradient.Builder.One(
                new ReluGradient(), [gradient.OutputGradient, gradient.Output(0)], gradient.Input(0).Name + "Gradient"));
        }
    }

    public override bool IsRowwise(int input) => true;
}

/// <summary>dy where y is positive, 0 elsewhere.</summary>
internal sealed record ReluGradient : Operation
{
    public override IReadOnlyList<string> InputNames => ["dy", "y"];

    public override IReadOnlyList<string> OutputNames => ["dx"];

    public override int InPlaceInput => 0;

    public override Shape[] InferShapes(IReadOnlyList<Shape> inputs)
    {
        Require(inputs[0] == inputs[1], $"The gradient of {inputs[1]} is {inputs[0]}.");
        return [inputs[0]];
    }
}
