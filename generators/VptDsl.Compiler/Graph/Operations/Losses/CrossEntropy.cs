namespace VptDsl.Compiler.Graph.Operations;

/// <summary>
/// Softmax cross-entropy of each image with its target, times the image's weight. The loss that is differentiated is the mean over the
/// batch.
/// </summary>
/// <remarks>
/// With a softening (b, λ, ε, K) the target of an image of class a is (1 − ε)·((1 − λ)·one-hot(a) + λ·one-hot(b)) + ε/K over the first K
/// classes; with zeros it is one-hot(a), to the same bits as if there were no softening.
/// </remarks>
internal sealed record CrossEntropy : Operation
{
    public override IReadOnlyList<string> InputNames => ["logits", "labels", "weights", "softening"];

    public override IReadOnlyList<string> OutputNames => ["losses"];

    public override IReadOnlyList<OperationAttribute> Attributes => [];

    public override string Formula(IReadOnlyList<string> inputs, IReadOnlyList<Shape> shapes) =>
        $"{inputs[2]} ⊙ the cross-entropy of {inputs[0]}";

    public override bool IsLoss => true;

    public override Shape[] InferShapes(IReadOnlyList<Shape> inputs)
    {
        Require(inputs[0].Batched && inputs[0].Rows == 1, $"Logits are {inputs[0]}.");
        return [inputs[0].WithColumns(1)];
    }

    public override void Differentiate(GradientContext gradient)
    {
        if (gradient.Needs(0))
        {
            Value[] inputs = [gradient.Input(0), gradient.Input(1), gradient.Input(2), gradient.Input(3)];
            gradient.Contribute(0, gradient.Builder.One(new CrossEntropyGradient(), inputs, "logitsGradient"));
        }
    }
}

/// <summary>weight · (softmax(logits) - target) / batch.</summary>
internal sealed record CrossEntropyGradient : Operation
{
    public override IReadOnlyList<string> InputNames => ["logits", "labels", "weights", "softening"];

    public override IReadOnlyList<string> OutputNames => ["dLogits"];

    public override IReadOnlyList<OperationAttribute> Attributes => [];

    public override string Formula(IReadOnlyList<string> inputs, IReadOnlyList<Shape> shapes) =>
        $"{inputs[2]} ⊙ (softmax({inputs[0]}) - target({inputs[1]}, {inputs[3]})) / batch";

    public override Shape[] InferShapes(IReadOnlyList<Shape> inputs) => [inputs[0]];
}
