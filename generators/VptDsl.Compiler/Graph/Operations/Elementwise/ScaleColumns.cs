namespace VptDsl.Compiler.Graph.Operations;

/// <summary>x ⊙ gamma, each column with its own factor, plus a residual where there is one: the layer scale of a residual branch.</summary>
internal sealed record ScaleColumns(bool Residual) : Operation
{
    public override IReadOnlyList<string> InputNames => Residual ? ["x", "gamma", "residual"] : ["x", "gamma"];

    public override IReadOnlyList<string> OutputNames => ["y"];

    public override IReadOnlyList<OperationAttribute> Attributes => [];

    public override string Formula(IReadOnlyList<string> inputs, IReadOnlyList<Shape> shapes) =>
        $"{inputs[0]} ⊙ {inputs[1]}" + (Residual ? $" + {inputs[2]}" : "");

    public override int InPlaceInput => Residual ? 2 : 0;

    public override Shape[] InferShapes(IReadOnlyList<Shape> inputs)
    {
        Require(inputs[1] == new Shape(false, 1, inputs[0].Columns), $"The scale of {inputs[0]} is {inputs[1]}.");
        Require(inputs.Count == (Residual ? 3 : 2) && (!Residual || inputs[2] == inputs[0]), $"The residual does not fit.");
        return [inputs[0]];
    }

    public override void Differentiate(GradientContext gradient)
    {
        Require(!Residual, $"Scales are differentiated before they are fused.");
        Value dy = gradient.OutputGradient, x = gradient.Input(0), gamma = gradient.Input(1);
        if (gradient.Needs(0))
            gradient.Contribute(0, gradient.Builder.One(new ScaleColumns(Residual: false), [dy, gamma], x.Name + "Gradient"));
        if (gradient.Needs(1))
            gradient.Contribute(1, gradient.Builder.One(new ScaleColumnsGradient(), [dy, x], gamma.Name + "Gradient"));
    }

    public override bool IsRowwise(int input) => input != 1;

    public override long FloatingPointOperations(IReadOnlyList<Shape> inputs, IReadOnlyList<Shape?> outputs) =>
        (Residual ? 2 : 1) * inputs[0].Count;
}

/// <summary>The gradient of the factors: dy ⊙ x, summed over all rows.</summary>
internal sealed record ScaleColumnsGradient : Operation
{
    public override IReadOnlyList<string> InputNames => ["dy", "x"];

    public override IReadOnlyList<string> OutputNames => ["dGamma"];

    public override IReadOnlyList<OperationAttribute> Attributes => [];

    public override string Formula(IReadOnlyList<string> inputs, IReadOnlyList<Shape> shapes) =>
        $"the sum of {inputs[0]} ⊙ {inputs[1]} over all rows";

    public override Shape[] InferShapes(IReadOnlyList<Shape> inputs)
    {
        Require(inputs[0] == inputs[1], $"The gradient of {inputs[1]} is {inputs[0]}.");
        return [new(Batched: false, 1, inputs[0].Columns)];
    }

    public override bool TakesRounded(int input) => true;

    public override long FloatingPointOperations(IReadOnlyList<Shape> inputs, IReadOnlyList<Shape?> outputs) => 2 * inputs[0].Count;
}
