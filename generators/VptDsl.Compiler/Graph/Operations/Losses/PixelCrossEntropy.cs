namespace VptDsl.Compiler.Graph.Operations;

/// <summary>
/// Softmax cross-entropy of labelled pixels. An image's loss is the sum over its pixels, divided by the batch's mean number of pixels
/// an image that count: the mean of these losses, which is differentiated, is the mean over all pixels of the batch that count.
/// </summary>
/// <remarks>
/// Outputs: losses [batch, 1, 1]; the share of pixels that count of which the right class has the highest logit, [batch, 1, 1], 0 where
/// no pixel counts; the pixels of the batch that count, [1, 1].
/// </remarks>
/// <param name="Ignored">The label of pixels that do not count.</param>
internal sealed record PixelCrossEntropy(int Ignored) : Operation
{
    public override IReadOnlyList<string> InputNames => ["logits", "labels"];

    public override IReadOnlyList<string> OutputNames => ["losses", "correct", "counted"];

    public override IReadOnlyList<OperationAttribute> Attributes => [Ignored];

    public override string Formula(IReadOnlyList<string> inputs, IReadOnlyList<Shape> shapes) =>
        $"the cross-entropy of {inputs[0]} over the pixels that {inputs[1]} names";

    public override bool IsLoss => true;

    public override Shape[] InferShapes(IReadOnlyList<Shape> inputs)
    {
        Require(inputs[0].Batched && inputs[1] == inputs[0].WithColumns(1), $"Logits {inputs[0]} do not go with labels {inputs[1]}.");
        var ofImage = new Shape(Batched: true, 1, 1);
        return [ofImage, ofImage, new(Batched: false, 1, 1)];
    }

    public override void Differentiate(GradientContext gradient)
    {
        if (gradient.Needs(0))
        {
            gradient.Contribute(0, gradient.Builder.One(
                new PixelCrossEntropyGradient(Ignored), [gradient.Input(0), gradient.Input(1), gradient.Output(2)], "logitsGradient"));
        }
    }

    public override long FloatingPointOperations(IReadOnlyList<Shape> inputs, IReadOnlyList<Shape?> outputs) => 3 * inputs[0].Count;
}

/// <summary>(softmax(logits) - one-hot(label)) / counted, and 0 where the pixel does not count.</summary>
internal sealed record PixelCrossEntropyGradient(int Ignored) : Operation
{
    public override IReadOnlyList<string> InputNames => ["logits", "labels", "counted"];

    public override IReadOnlyList<string> OutputNames => ["dLogits"];

    public override IReadOnlyList<OperationAttribute> Attributes => [Ignored];

    public override string Formula(IReadOnlyList<string> inputs, IReadOnlyList<Shape> shapes) =>
        $"(softmax({inputs[0]}) - one-hot({inputs[1]})) / {inputs[2]}";

    public override int InPlaceInput => 0;

    public override Shape[] InferShapes(IReadOnlyList<Shape> inputs)
    {
        Require(
            inputs[1] == inputs[0].WithColumns(1) && inputs[2] == new Shape(false, 1, 1),
            $"The gradient of {inputs[0]} has labels {inputs[1]}.");
        return [inputs[0]];
    }

    public override long FloatingPointOperations(IReadOnlyList<Shape> inputs, IReadOnlyList<Shape?> outputs) => 5 * inputs[0].Count;
}
