namespace VptDsl.Compiler.Graph.Operations;

/// <summary>a ⊙ b, element by element: a gate's work.</summary>
internal sealed record Multiply : Operation
{
    public override IReadOnlyList<string> InputNames => ["a", "b"];

    public override IReadOnlyList<string> OutputNames => ["product"];

    public override IReadOnlyList<OperationAttribute> Attributes => [];

    public override string Formula(IReadOnlyList<string> inputs, IReadOnlyList<Shape> shapes) => $"{inputs[0]} ⊙ {inputs[1]}";

    public override int InPlaceInput => 0;

    public override Shape[] InferShapes(IReadOnlyList<Shape> inputs)
    {
        Require(inputs[0] == inputs[1], $"{inputs[0]} ⊙ {inputs[1]}.");
        return [inputs[0]];
    }

    public override void Differentiate(GradientContext gradient)
    {
        for (int i = 0; i < 2; i++)
        {
            if (gradient.Needs(i))
            {
                gradient.Contribute(i, gradient.Builder.One(
                    new Multiply(), [gradient.OutputGradient, gradient.Input(1 - i)], gradient.Input(i).Name + "Gradient"));
            }
        }
    }

    public override bool IsRowwise(int input) => true;

    public override bool TakesRounded(int input) => true;
}
