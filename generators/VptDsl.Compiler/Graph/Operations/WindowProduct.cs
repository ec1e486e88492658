namespace VptDsl.Compiler.Graph.Operations;

/// <summary>
/// A convolution: the product of a map's windows and a weight, plus perhaps a bias and a residual, without the windows ever being
/// stored. What <see cref="ExtractWindows"/> and <see cref="Product"/> compute together.
/// </summary>
/// <remarks>Inputs: map [pixels, channels], weight [outputs, taps * channels], bias [1, outputs], residual [windows, outputs].</remarks>
internal sealed record WindowProduct(SlidingWindow Grid, bool Bias, bool Residual) : Operation
{
    public override IReadOnlyList<string> InputNames =>
        [.. new[] { "map", "weight", Bias ? "bias" : null, Residual ? "residual" : null }.OfType<string>()];

    public override IReadOnlyList<string> OutputNames => ["c"];

    public override int InPlaceInput => Residual ? ResidualInput : -1;

    /// <summary>Which input the residual is.</summary>
    public int ResidualInput => Bias ? 3 : 2;

    public override Shape[] InferShapes(IReadOnlyList<Shape> inputs)
    {
        Shape map = inputs[0], weight = inputs[1];
        Require(map.Rows == Grid.Pixels && Grid.IsPossible, $"{map} has no windows {Grid}.");
        Require(!weight.Batched && weight.Columns == Grid.Taps * map.Columns, $"{weight} is no weight for windows of {map}.");
        Require(inputs.Count == InputNames.Count, $"{this} takes {InputNames.Count} operands, not {inputs.Count}.");
        Require(!Bias || inputs[2] == new Shape(false, 1, weight.Rows), $"The bias of {weight} does not fit.");
        var result = new Shape(map.Batched, Grid.Windows, weight.Rows);
        Require(!Residual || inputs[ResidualInput] == result, $"The residual of {result} does not fit.");
        return [result];
    }

    public override long FloatingPointOperations(IReadOnlyList<Shape> inputs, IReadOnlyList<Shape?> outputs) =>
        2L * Grid.Windows * inputs[1].Count;
}
