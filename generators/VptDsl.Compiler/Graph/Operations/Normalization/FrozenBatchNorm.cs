namespace VptDsl.Compiler.Graph.Operations;

/// <summary>
/// A convolution's weight with the batch normalisation of its outputs folded in: row r times gamma[r] / √(variance[r] + ε). With
/// <see cref="FoldedBias"/> it is the convolution and a batch normalisation by frozen statistics.
/// </summary>
/// <remarks>Inputs: weight [outputs, n], gamma and variance [1, outputs].</remarks>
internal sealed record FoldedWeight(double Epsilon) : Operation
{
    public override IReadOnlyList<string> InputNames => ["weight", "gamma", "variance"];

    public override IReadOnlyList<string> OutputNames => ["folded"];

    public override IReadOnlyList<OperationAttribute> Attributes => [Epsilon];

    public override string Formula(IReadOnlyList<string> inputs, IReadOnlyList<Shape> shapes) =>
        $"{inputs[0]} with the rows scaled by {inputs[1]} / √({inputs[2]} + ε)";

    public override Shape[] InferShapes(IReadOnlyList<Shape> inputs)
    {
        Require(
            inputs[1] == new Shape(false, 1, inputs[0].Rows) && inputs[2] == inputs[1], $"Scale and variance of {inputs[0]} do not fit.");
        return [inputs[0]];
    }

    public override void Differentiate(GradientContext gradient)
    {
        Value dy = gradient.OutputGradient, weight = gradient.Input(0), gamma = gradient.Input(1), variance = gradient.Input(2);
        Require(!gradient.Needs(2), $"Frozen statistics have no gradient.");
        if (gradient.Needs(0))
            gradient.Contribute(0, gradient.Builder.One(this, [dy, gamma, variance], weight.Name + "Gradient"));
        if (gradient.Needs(1))
        {
            gradient.Contribute(
                1, gradient.Builder.One(new FoldedWeightGradient(Epsilon), [dy, weight, variance], gamma.Name + "Gradient"));
        }
    }
}

/// <summary>
/// The gradient of the scale through <see cref="FoldedWeight"/>: for each output the sum of dFolded ⊙ weight, divided by the deviation.
/// </summary>
internal sealed record FoldedWeightGradient(double Epsilon) : Operation
{
    public override IReadOnlyList<string> InputNames => ["dFolded", "weight", "variance"];

    public override IReadOnlyList<string> OutputNames => ["dGamma"];

    public override IReadOnlyList<OperationAttribute> Attributes => [Epsilon];

    public override string Formula(IReadOnlyList<string> inputs, IReadOnlyList<Shape> shapes) =>
        $"the sum of {inputs[0]} ⊙ {inputs[1]} over each row / √({inputs[2]} + ε)";

    public override Shape[] InferShapes(IReadOnlyList<Shape> inputs)
    {
        Require(inputs[0] == inputs[1] && inputs[2] == new Shape(false, 1, inputs[0].Rows), $"The gradient of {inputs[1]} is {inputs[0]}.");
        return [inputs[2]];
    }

    public override long FloatingPointOperations(IReadOnlyList<Shape> inputs, IReadOnlyList<Shape?> outputs) => 2 * inputs[0].Count;
}

/// <summary>The bias that batch normalisation by frozen statistics leaves: beta - mean · gamma / √(variance + ε). All are rows.</summary>
internal sealed record FoldedBias(double Epsilon) : Operation
{
    public override IReadOnlyList<string> InputNames => ["gamma", "beta", "mean", "variance"];

    public override IReadOnlyList<string> OutputNames => ["bias"];

    public override IReadOnlyList<OperationAttribute> Attributes => [Epsilon];

    public override string Formula(IReadOnlyList<string> inputs, IReadOnlyList<Shape> shapes) =>
        $"{inputs[1]} - {inputs[2]} · {inputs[0]} / √({inputs[3]} + ε)";

    public override Shape[] InferShapes(IReadOnlyList<Shape> inputs)
    {
        Require(inputs[0].Rows == 1 && inputs.All(i => i == inputs[0]), $"Scale, shift, mean and variance do not fit.");
        return [inputs[0]];
    }

    public override void Differentiate(GradientContext gradient)
    {
        Require(!gradient.Needs(2) && !gradient.Needs(3), $"Frozen statistics have no gradient.");
        Value dy = gradient.OutputGradient;
        if (gradient.Needs(0))
        {
            gradient.Contribute(0, gradient.Builder.One(
                new FoldedBiasGradient(Epsilon), [dy, gradient.Input(2), gradient.Input(3)], gradient.Input(0).Name + "Gradient"));
        }

        if (gradient.Needs(1))
            gradient.Contribute(1, dy);
    }
}

/// <summary>The gradient of the scale through <see cref="FoldedBias"/>: -dBias · mean / √(variance + ε).</summary>
internal sealed record FoldedBiasGradient(double Epsilon) : Operation
{
    public override IReadOnlyList<string> InputNames => ["dBias", "mean", "variance"];

    public override IReadOnlyList<string> OutputNames => ["dGamma"];

    public override IReadOnlyList<OperationAttribute> Attributes => [Epsilon];

    public override string Formula(IReadOnlyList<string> inputs, IReadOnlyList<Shape> shapes) =>
        $"-{inputs[1]} · {inputs[0]} / √({inputs[2]} + ε)";

    public override Shape[] InferShapes(IReadOnlyList<Shape> inputs)
    {
        Require(inputs[0].Rows == 1 && inputs.All(i => i == inputs[0]), $"Gradient, mean and variance do not fit.");
        return [inputs[0]];
    }
}
