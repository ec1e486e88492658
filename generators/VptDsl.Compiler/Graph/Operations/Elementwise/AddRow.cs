namespace VptDsl.Compiler.Graph.Operations;

/// <summary>x with one row, the same for all images, added to each of its rows.</summary>
internal sealed record AddRow : Operation
{
    public override IReadOnlyList<string> InputNames => ["x", "addend"];

    public override IReadOnlyList<string> OutputNames => ["sum"];

    public override IReadOnlyList<OperationAttribute> Attributes => [];

    public override string Formula(IReadOnlyList<string> inputs, IReadOnlyList<Shape> shapes) => $"{inputs[0]} + {inputs[1]} in every row";

    public override int InPlaceInput => 0;

    public override Shape[] InferShapes(IReadOnlyList<Shape> inputs)
    {
        Require(inputs[1] == new Shape(false, 1, inputs[0].Columns), $"The row added to {inputs[0]} is {inputs[1]}.");
        return [inputs[0]];
    }

    public override void Differentiate(GradientContext gradient)
    {
        if (gradient.Needs(0))
            gradient.Contribute(0, gradient.OutputGradient);
        if (gradient.Needs(1))
            gradient.Contribute(1, gradient.Builder.SumRows(gradient.OutputGradient, gradient.Input(1).Name + "Gradient"));
    }

    public override bool IsRowwise(int input) => input == 0;
}
