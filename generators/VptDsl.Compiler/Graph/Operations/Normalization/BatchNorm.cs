namespace VptDsl.Compiler.Graph.Operations;

/// <summary>
/// Batch normalisation as it is trained: each column by its mean and variance over the rows of all images, with scale and shift. The
/// second output keeps them (row 0 the mean, row 1 the variance); the last two are the running mean and variance, moved towards them
/// by <paramref name="Momentum"/>.
/// </summary>
/// <remarks>
/// The running variance takes up the unbiased variance, as PyTorch does; of a single value there is none, and it stays as it is.
/// Inputs beside x are rows of x's columns.
/// </remarks>
internal sealed record BatchNorm(double Epsilon, double Momentum) : Operation
{
    public override IReadOnlyList<string> InputNames => ["x", "gamma", "beta", "runningMean", "runningVariance"];

    public override IReadOnlyList<string> OutputNames => ["y", "statistics", "nextMean", "nextVariance"];

    public override IReadOnlyList<OperationAttribute> Attributes => [Epsilon, Momentum];

    public override string Formula(IReadOnlyList<string> inputs, IReadOnlyList<Shape> shapes) =>
        $"BatchNorm({inputs[0]}) · {inputs[1]} + {inputs[2]}, over the rows of all images";

    public override Shape[] InferShapes(IReadOnlyList<Shape> inputs)
    {
        var row = new Shape(Batched: false, 1, inputs[0].Columns);
        Require(inputs.Skip(1).All(i => i == row), $"Scale, shift and running statistics of {inputs[0]} do not fit.");
        return [inputs[0], row.WithRows(2), row, row];
    }

    public override void Differentiate(GradientContext gradient)
    {
        Require(!gradient.Needs(3) && !gradient.Needs(4), $"Running statistics have no gradient.");
        Value dy = gradient.OutputGradient, x = gradient.Input(0), gamma = gradient.Input(1), statistics = gradient.Output(1);

        // The input's gradient needs the other two, trained or not.
        Node sums = gradient.Builder.Add(
            new BatchNormParameterGradient(Epsilon), [dy, x, statistics], gamma.Name + "Gradient", gradient.Input(2).Name + "Gradient");
        Value dGamma = sums.Outputs[0]!, dBeta = sums.Outputs[1]!;
        if (gradient.Needs(0))
        {
            gradient.Contribute(0, gradient.Builder.One(
                new BatchNormGradient(Epsilon), [dy, x, statistics, gamma, dGamma, dBeta], x.Name + "Gradient"));
        }

        if (gradient.Needs(1))
            gradient.Contribute(1, dGamma);
        if (gradient.Needs(2))
            gradient.Contribute(2, dBeta);
    }

    /// <summary>By the running statistics: each column has a factor and a summand, which depend on no image.</summary>
    public override Value AtInference(GraphBuilder builder, IReadOnlyList<Value> inputs, string name) =>
        builder.NormalizeBy(inputs[0], inputs[1], inputs[2], inputs[3], inputs[4], Epsilon, name);

    public override long FloatingPointOperations(IReadOnlyList<Shape> inputs, IReadOnlyList<Shape?> outputs) => 7 * inputs[0].Count;
}

/// <summary>The gradients of batch normalisation's scale and shift, summed over the rows of all images.</summary>
internal sealed record BatchNormParameterGradient(double Epsilon) : Operation
{
    public override IReadOnlyList<string> InputNames => ["dy", "x", "statistics"];

    public override IReadOnlyList<string> OutputNames => ["dGamma", "dBeta"];

    public override IReadOnlyList<OperationAttribute> Attributes => [Epsilon];

    public override string Formula(IReadOnlyList<string> inputs, IReadOnlyList<Shape> shapes) =>
        $"the gradients of scale and shift from {inputs[0]}";

    public override Shape[] InferShapes(IReadOnlyList<Shape> inputs)
    {
        var row = new Shape(Batched: false, 1, inputs[1].Columns);
        Require(
            inputs[0] == inputs[1] && inputs[2] == row.WithRows(2),
            $"The gradient of {inputs[1]} is {inputs[0]}, its statistics are {inputs[2]}.");
        return [row, row];
    }

    public override bool TakesRounded(int input) => input == 1;

    public override long FloatingPointOperations(IReadOnlyList<Shape> inputs, IReadOnlyList<Shape?> outputs) => 4 * inputs[0].Count;
}

/// <summary>The gradient of batch normalisation's input, through mean and variance too.</summary>
internal sealed record BatchNormGradient(double Epsilon) : Operation
{
    public override IReadOnlyList<string> InputNames => ["dy", "x", "statistics", "gamma", "dGamma", "dBeta"];

    public override IReadOnlyList<string> OutputNames => ["dx"];

    public override IReadOnlyList<OperationAttribute> Attributes => [Epsilon];

    public override string Formula(IReadOnlyList<string> inputs, IReadOnlyList<Shape> shapes) =>
        $"BatchNorm'({inputs[1]}) applied to {inputs[0]}";

    public override int InPlaceInput => 0;

    public override Shape[] InferShapes(IReadOnlyList<Shape> inputs)
    {
        var row = new Shape(Batched: false, 1, inputs[1].Columns);
        Require(
            inputs[0] == inputs[1] && inputs[2] == row.WithRows(2),
            $"The gradient of {inputs[1]} is {inputs[0]}, its statistics are {inputs[2]}.");
        Require(inputs.Skip(3).All(i => i == row), $"The scale of {inputs[1]} and the gradients of its scale and shift do not fit.");
        return [inputs[1]];
    }

    public override bool TakesRounded(int input) => input == 1;

    public override long FloatingPointOperations(IReadOnlyList<Shape> inputs, IReadOnlyList<Shape?> outputs) => 7 * inputs[0].Count;
}

/// <summary>x / √(variance + ε), for rows: the factor that normalisation by a variance gives each column.</summary>
internal sealed record DivideByDeviation(double Epsilon) : Operation
{
    public override IReadOnlyList<string> InputNames => ["x", "variance"];

    public override IReadOnlyList<string> OutputNames => ["quotient"];

    public override IReadOnlyList<OperationAttribute> Attributes => [Epsilon];

    public override string Formula(IReadOnlyList<string> inputs, IReadOnlyList<Shape> shapes) => $"{inputs[0]} / √({inputs[1]} + ε)";

    public override Shape[] InferShapes(IReadOnlyList<Shape> inputs)
    {
        Require(
            inputs[0].Rows == 1 && !inputs[0].Batched && inputs[1] == inputs[0], $"{inputs[0]} and the variance {inputs[1]} do not fit.");
        return [inputs[0]];
    }

    public override void Differentiate(GradientContext gradient)
    {
        Require(!gradient.Needs(1), $"Statistics have no gradient.");
        if (gradient.Needs(0))
        {
            gradient.Contribute(
                0, gradient.Builder.One(this, [gradient.OutputGradient, gradient.Input(1)], gradient.Input(0).Name + "Gradient"));
        }
    }
}
