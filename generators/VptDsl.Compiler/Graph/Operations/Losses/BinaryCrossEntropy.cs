namespace VptDsl.Compiler.Graph.Operations;

/// <summary>
/// The cross-entropy of each class by itself, which an image has or not, of the sigmoid of its logit: the sum over the classes, times the
/// image's weight. The loss that is differentiated is the mean over the batch.
/// </summary>
/// <remarks>
/// Labels are [batch, classes, 1], one a row: the share of each class that the image has, 1 or 0 unless it is smoothed. PyTorch's
/// <c>BCEWithLogitsLoss</c> is this with weights of one over the number of classes.
/// </remarks>
internal sealed record BinaryCrossEntropy : Operation
{
    public override IReadOnlyList<string> InputNames => ["logits", "labels", "weights"];

    public override IReadOnlyList<string> OutputNames => ["losses"];

    public override IReadOnlyList<OperationAttribute> Attributes => [];

    public override string Formula(IReadOnlyList<string> inputs, IReadOnlyList<Shape> shapes) =>
        $"{inputs[2]} ⊙ the sum of the binary cross-entropies of sigmoid({inputs[0]}) and {inputs[1]}";

    public override bool IsLoss => true;

    public override Shape[] InferShapes(IReadOnlyList<Shape> inputs)
    {
        Require(inputs[0].Batched && inputs[0].Rows == 1, $"Logits are {inputs[0]}.");
        Require(inputs[1] == new Shape(Batched: true, inputs[0].Columns, 1), $"Labels {inputs[1]} do not go with logits {inputs[0]}.");
        return [inputs[0].WithColumns(1)];
    }

    public override void Differentiate(GradientContext gradient)
    {
        if (gradient.Needs(0))
        {
            Value[] inputs = [gradient.Input(0), gradient.Input(1), gradient.Input(2)];
            gradient.Contribute(0, gradient.Builder.One(new BinaryCrossEntropyGradient(), inputs, "logitsGradient"));
        }
    }

    public override long FloatingPointOperations(IReadOnlyList<Shape> inputs, IReadOnlyList<Shape?> outputs) => 6 * inputs[0].Count;
}

/// <summary>weight · (sigmoid(logits) - labels) / batch.</summary>
internal sealed record BinaryCrossEntropyGradient : Operation
{
    public override IReadOnlyList<string> InputNames => ["logits", "labels", "weights"];

    public override IReadOnlyList<string> OutputNames => ["dLogits"];

    public override IReadOnlyList<OperationAttribute> Attributes => [];

    public override string Formula(IReadOnlyList<string> inputs, IReadOnlyList<Shape> shapes) =>
        $"{inputs[2]} ⊙ (sigmoid({inputs[0]}) - {inputs[1]}) / batch";

    public override int InPlaceInput => 0;

    public override Shape[] InferShapes(IReadOnlyList<Shape> inputs) => [inputs[0]];

    public override long FloatingPointOperations(IReadOnlyList<Shape> inputs, IReadOnlyList<Shape?> outputs) => 5 * inputs[0].Count;
}
