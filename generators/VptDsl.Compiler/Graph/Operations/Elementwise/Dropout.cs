namespace VptDsl.Compiler.Graph.Operations;

/// <summary>
/// Each element of each image's x is 0 with a probability, and 1 / (1 - rate) times what it was otherwise; where x has no batch, every
/// image gets a draw of its own. In inference it is x.
/// </summary>
/// <remarks>
/// Chance is a hash of the two whole numbers in noise, of the image and of the element: the same on every device and whatever the order.
/// So the gradient is the same operation on the same noise.
/// </remarks>
internal sealed record Dropout(double Rate) : Operation
{
    /// <summary>A hash is a number of so many bits.</summary>
    public const int HashBits = 24;

    public override IReadOnlyList<string> InputNames => ["x", "noise"];

    public override IReadOnlyList<string> OutputNames => ["y"];

    public override IReadOnlyList<OperationAttribute> Attributes => [Threshold, Scale];

    public override string Formula(IReadOnlyList<string> inputs, IReadOnlyList<Shape> shapes) =>
        FormattableString.Invariant($"{inputs[0]}, {100 * Rate} % of it dropped by chance");

    public override int InPlaceInput => 0;

    /// <summary>Elements whose hash is below are dropped.</summary>
    public int Threshold => (int)Math.Round(Rate * (1 << HashBits));

    /// <summary>What the others are multiplied by.</summary>
    public double Scale => 1 / (1 - Rate);

    public override Shape[] InferShapes(IReadOnlyList<Shape> inputs)
    {
        Require(inputs[1] == new Shape(false, 1, 2), $"Noise is {inputs[1]}.");
        Require(Rate is >= 0 and < 1, $"A share of {Rate} cannot be dropped.");
        return [inputs[0] with { Batched = true }];
    }

    public override void Differentiate(GradientContext gradient)
    {
        if (gradient.Needs(0))
        {
            gradient.Contribute(
                0, gradient.Builder.One(this, [gradient.OutputGradient, gradient.Input(1)], gradient.Input(0).Name + "Gradient"));
        }
    }

    public override Value AtInference(GraphBuilder builder, IReadOnlyList<Value> inputs, string name) => inputs[0];
}

/// <summary>The noise of one place in the model, [1, 2]: two whole numbers below 2²⁴ that are others in every step.</summary>
internal sealed record ReadNoise(int Place) : PlacedOperation
{
    /// <summary>The numbers of a place.</summary>
    public const int Numbers = 2;

    public override IReadOnlyList<string> InputNames => [];

    public override IReadOnlyList<string> OutputNames => ["noise"];

    public override Shape[] InferShapes(IReadOnlyList<Shape> inputs) => [new(Batched: false, 1, Numbers)];

    public override void Differentiate(GradientContext gradient)
    {
    }
}
