namespace VptDsl.Compiler.Graph.Operations;

/// <summary>
/// The elements of a matrix, row by row, seen as <paramref name="Blocks"/> matrices [first, second], each transposed; the result has
/// <paramref name="Rows"/> rows. It turns planes of colours into pixels, and a convolution's weight from [outputs, inputs, taps] to
/// [outputs, taps, inputs].
/// </summary>
internal sealed record SwapAxes(int Blocks, int First, int Second, int Rows) : Operation
{
    public override IReadOnlyList<string> InputNames => ["x"];

    public override IReadOnlyList<string> OutputNames => ["swapped"];

    public override IReadOnlyList<OperationAttribute> Attributes => [Blocks, First, Second];

    public override string Formula(IReadOnlyList<string> inputs, IReadOnlyList<Shape> shapes) =>
        $"{inputs[0]} as {Blocks} × [{First}, {Second}], each transposed";

    public override Shape[] InferShapes(IReadOnlyList<Shape> inputs)
    {
        long count = (long)Blocks * First * Second;
        Require(inputs[0].Count == count && count % Rows == 0, $"{inputs[0]} is not {Blocks} × {First} × {Second} in {Rows} rows.");
        return [new(inputs[0].Batched, Rows, (int)(count / Rows))];
    }

    public override void Differentiate(GradientContext gradient)
    {
        if (gradient.Needs(0))
        {
            Value x = gradient.Input(0);
            gradient.Contribute(0, gradient.Builder.One(
                new SwapAxes(Blocks, Second, First, x.Shape.Rows), [gradient.OutputGradient], x.Name + "Gradient"));
        }
    }

    public override long FloatingPointOperations(IReadOnlyList<Shape> inputs, IReadOnlyList<Shape?> outputs) => 0;
}
