namespace VptDsl.Compiler.Graph.Operations;

/// <summary>a + b; one of them may lack the batch and is then the same for every image.</summary>
internal sealed record Add : Operation
{
    public override IReadOnlyList<string> InputNames => ["a", "b"];

    public override IReadOnlyList<string> OutputNames => ["sum"];

    public override IReadOnlyList<OperationAttribute> Attributes => [];

    public override string Formula(IReadOnlyList<string> inputs, IReadOnlyList<Shape> shapes) => $"{inputs[0]} + {inputs[1]}";

    public override int InPlaceInput => 0;

    public override Shape[] InferShapes(IReadOnlyList<Shape> inputs)
    {
        Require(inputs[0].Rows == inputs[1].Rows && inputs[0].Columns == inputs[1].Columns, $"{inputs[0]} + {inputs[1]} does not fit.");
        return [inputs[0] with { Batched = inputs[0].Batched || inputs[1].Batched }];
    }

    public override void Differentiate(GradientContext gradient)
    {
        for (int i = 0; i < 2; i++)
        {
            if (gradient.Needs(i))
                gradient.Contribute(i, gradient.OutputGradient);
        }
    }

    public override bool IsRowwise(int input) => true;
}
