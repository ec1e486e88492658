namespace VptDsl.Compiler.Graph.Operations;

/// <summary>
/// Rotary positions: turns pairs of channels of each head by a token's angles, x + x ⊙ c + partner(x) ⊙ s. A row of zeros in the table
/// leaves its token as it is.
/// </summary>
/// <param name="Interleaved">Whether neighbouring channels are partners; otherwise channels half a head apart.</param>
/// <param name="Back">Whether it turns back, as gradients do: the partner's sine stands for the channel's own.</param>
/// <remarks>
/// The table has a row for each token: first cosine - 1 for each channel of a head, then the sine with the sign that the channel takes
/// its partner with.
/// </remarks>
internal sealed record Rotate(bool Interleaved, bool Back) : Operation
{
    public override IReadOnlyList<string> InputNames => ["x", "table"];

    public override IReadOnlyList<string> OutputNames => ["turned"];

    public override IReadOnlyList<OperationAttribute> Attributes => [Interleaved, Back];

    public override string Formula(IReadOnlyList<string> inputs, IReadOnlyList<Shape> shapes) =>
        $"{inputs[0]} turned {(Back ? "back " : "")}by {inputs[1]}";

    public override string MethodName(IReadOnlyList<Shape> shapes) =>
        $"Rotate{(Interleaved ? "Pairs" : "Halves")}{(Back ? "Back" : "")}{shapes[1].Columns / 2}Of{shapes[0].Dimensions}";

    public override Shape[] InferShapes(IReadOnlyList<Shape> inputs)
    {
        int head = inputs[1].Columns / 2;
        Require(!inputs[1].Batched && inputs[1].Rows == inputs[0].Rows, $"{inputs[1]} does not turn {inputs[0]}.");
        Require(inputs[1].Columns % 4 == 0 && inputs[0].Columns % head == 0, $"Heads of {head} in {inputs[0]}.");
        return [inputs[0]];
    }

    public override void Differentiate(GradientContext gradient)
    {
        if (gradient.Needs(0))
        {
            gradient.Contribute(0, gradient.Builder.One(
                this with { Back = !Back }, [gradient.OutputGradient, gradient.Input(1)], gradient.Input(0).Name + "Gradient"));
        }
    }

    public override bool IsRowwise(int input) => true;

    public override long FloatingPointOperations(IReadOnlyList<Shape> inputs, IReadOnlyList<Shape?> outputs) => 4 * inputs[0].Count;
}
