namespace VptDsl.Compiler.Graph.Operations;

/// <summary>
/// Layer normalisation of each row, with scale and shift. The second output keeps each row's mean and reciprocal standard deviation.
/// </summary>
internal sealed record LayerNorm(double Epsilon) : Operation
{
    public override IReadOnlyList<string> InputNames => ["x", "gamma", "beta"];

    public override IReadOnlyList<string> OutputNames => ["y", "statistics"];

    public override IReadOnlyList<OperationAttribute> Attributes => [Epsilon];

    public override string Formula(IReadOnlyList<string> inputs, IReadOnlyList<Shape> shapes) => $"LayerNorm({inputs[0]})";

    public override Shape[] InferShapes(IReadOnlyList<Shape> inputs)
    {
        Require(inputs[1] == new Shape(false, 1, inputs[0].Columns) && inputs[2] == inputs[1], $"Scale and shift do not fit.");
        return [inputs[0], inputs[0].WithColumns(2)];
    }

    public override void Differentiate(GradientContext gradient)
    {
        Value dy = gradient.OutputGradient, x = gradient.Input(0), statistics = gradient.Output(1);
        if (gradient.Needs(0))
        {
            gradient.Contribute(0, gradient.Builder.One(
                new LayerNormGradient(Residual: false), [dy, x, statistics, gradient.Input(1)], x.Name + "Gradient"));
        }

        if (gradient.Needs(1) || gradient.Needs(2))
        {
            Node node = gradient.Builder.Add(
                new LayerNormParameterGradient(),
                [dy, x, statistics],
                gradient.Input(1).Name + "Gradient",
                gradient.Input(2).Name + "Gradient");
            if (gradient.Needs(1))
                gradient.Contribute(1, node.Outputs[0]!);
            if (gradient.Needs(2))
                gradient.Contribute(2, node.Outputs[1]!);
        }
    }

    public override bool IsRowwise(int input) => input == 0;

    public override bool TakesRounded(int input) => input == 0;

    public override long FloatingPointOperations(IReadOnlyList<Shape> inputs, IReadOnlyList<Shape?> outputs) => 7 * inputs[0].Count;
}

/// <summary>The gradient of layer normalisation's input, plus a residual where there is one.</summary>
internal sealed record LayerNormGradient(bool Residual) : Operation
{
    public override IReadOnlyList<string> InputNames =>
        Residual ? ["dy", "x", "statistics", "gamma", "residual"] : ["dy", "x", "statistics", "gamma"];

    public override IReadOnlyList<string> OutputNames => ["dx"];

    public override IReadOnlyList<OperationAttribute> Attributes => [];

    public override string Formula(IReadOnlyList<string> inputs, IReadOnlyList<Shape> shapes) =>
        $"LayerNorm'({inputs[1]}) applied to {inputs[0]}" + (Residual ? $", plus {inputs[4]}" : "");

    public override string MethodName(IReadOnlyList<Shape> shapes) => base.MethodName(shapes) + (Residual ? "Residual" : "");

    public override int InPlaceInput => Residual ? 4 : 0;

    public override Shape[] InferShapes(IReadOnlyList<Shape> inputs)
    {
        Require(inputs[0] == inputs[1], $"The gradient of {inputs[1]} is {inputs[0]}.");
        Require(!Residual || inputs[4] == inputs[1], $"The residual does not fit.");
        return [inputs[1]];
    }

    public override bool TakesRounded(int input) => input == 1;

    public override long FloatingPointOperations(IReadOnlyList<Shape> inputs, IReadOnlyList<Shape?> outputs) => 9 * inputs[0].Count;
}

/// <summary>The gradients of layer normalisation's scale and shift, summed over all rows.</summary>
internal sealed record LayerNormParameterGradient : Operation
{
    public override IReadOnlyList<string> InputNames => ["dy", "x", "statistics"];

    public override IReadOnlyList<string> OutputNames => ["dGamma", "dBeta"];

    public override IReadOnlyList<OperationAttribute> Attributes => [];

    public override string Formula(IReadOnlyList<string> inputs, IReadOnlyList<Shape> shapes) =>
        $"the gradients of scale and shift from {inputs[0]}";

    public override Shape[] InferShapes(IReadOnlyList<Shape> inputs)
    {
        var row = new Shape(false, 1, inputs[1].Columns);
        return [row, row];
    }

    public override bool TakesRounded(int input) => input == 1;

    public override long FloatingPointOperations(IReadOnlyList<Shape> inputs, IReadOnlyList<Shape?> outputs) => 5 * inputs[0].Count;
}
