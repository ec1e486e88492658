namespace VptDsl.Compiler.Graph.Operations;

/// <summary>
/// Softmax cross-entropy of each image, times the image's weight. The loss that is differentiated is the mean over the batch.
/// </summary>
internal sealed record CrossEntropy : Operation
{
    public override IReadOnlyList<string> InputNames => ["logits", "labels", "weights"];

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
            gradient.Contribute(
                0,
                gradient.Builder.One(
                    new CrossEntropyGradient(), [gradient.Input(0), gradient.Input(1), gradient.Input(2)], "logitsGradient"));
        }
    }
}

/// <summary>weight · (softmax(logits) - one-hot(label)) / batch.</summary>
internal sealed record CrossEntropyGradient : Operation
{
    public override IReadOnlyList<string> InputNames => ["logits", "labels", "weights"];

    public override IReadOnlyList<string> OutputNames => ["dLogits"];

    public override IReadOnlyList<OperationAttribute> Attributes => [];

    public override string Formula(IReadOnlyList<string> inputs, IReadOnlyList<Shape> shapes) =>
        $"{inputs[2]} ⊙ (softmax({inputs[0]}) - one-hot({inputs[1]})) / batch";

    public override Shape[] InferShapes(IReadOnlyList<Shape> inputs) => [inputs[0]];
}
