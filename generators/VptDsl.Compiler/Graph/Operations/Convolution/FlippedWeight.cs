namespace VptDsl.Compiler.Graph.Operations;

/// <summary>
/// The weight of a convolution with stride 1, [outputs, taps * inputs], as that of the convolution which makes the gradient of its
/// input of that of its output, [inputs, taps * outputs]: the taps in reverse order.
/// </summary>
internal sealed record FlippedWeight(int Taps) : Operation
{
    public override IReadOnlyList<string> InputNames => ["weight"];

    public override IReadOnlyList<string> OutputNames => ["flipped"];

    public override IReadOnlyList<OperationAttribute> Attributes => [Taps];

    public override string Formula(IReadOnlyList<string> inputs, IReadOnlyList<Shape> shapes) =>
        $"{inputs[0]} turned around: for each of its inputs, the last pixel of its patches first";

    public override Shape[] InferShapes(IReadOnlyList<Shape> inputs)
    {
        Shape weight = inputs[0];
        Require(!weight.Batched && weight.Columns % Taps == 0, $"{weight} is no weight for patches of {Taps} pixels.");
        return [new(false, weight.Columns / Taps, Taps * weight.Rows)];
    }

    public override long FloatingPointOperations(IReadOnlyList<Shape> inputs, IReadOnlyList<Shape?> outputs) => 0;
}
