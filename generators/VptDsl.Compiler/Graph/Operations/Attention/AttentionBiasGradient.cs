namespace VptDsl.Compiler.Graph.Operations;

/// <summary>
/// The gradient of attention's bias: that of the first segment's scores, summed over the images. What is attended to besides goes into
/// it by the saved sum alone.
/// </summary>
internal sealed record AttentionBiasGradient(int Heads) : Operation
{
    public override IReadOnlyList<string> InputNames => ["dOutput", "output", "logSum", "query", "key", "value", "bias"];

    public override IReadOnlyList<string> OutputNames => ["dBias"];

    public override IReadOnlyList<OperationAttribute> Attributes => [Heads];

    public override string Formula(IReadOnlyList<string> inputs, IReadOnlyList<Shape> shapes) =>
        $"Attention' with respect to {inputs[6]} applied to {inputs[0]}";

    public override string MethodName(IReadOnlyList<Shape> shapes) =>
        $"AttentionBiasGradient{Heads}Heads{shapes[0].Rows}Over{shapes[4].Rows}";

    public override string KernelName(IReadOnlyList<Shape> shapes) => $"AttentionBiasGradient{Heads}HeadsOf{shapes[0].Columns / Heads}";

    public override Shape[] InferShapes(IReadOnlyList<Shape> inputs)
    {
        Require(inputs.Count == InputNames.Count, $"The gradient of a bias has {inputs.Count} inputs.");
        Attention.CheckOperands([.. inputs.Skip(3)], segments: 1, Heads, biased: true);
        Shape output = inputs[3] with { Batched = inputs[0].Batched };
        Require(
            inputs[0] == output && inputs[1] == output && inputs[2] == output.WithColumns(Heads),
            $"The gradient of {output} is {inputs[0]}.");
        return [inputs[6]];
    }

    public override bool TakesRounded(int input) => input != 2;

    /// <summary>Two products for each score.</summary>
    public override long FloatingPointOperations(IReadOnlyList<Shape> inputs, IReadOnlyList<Shape?> outputs) =>
        4L * inputs[0].Count * inputs[4].Rows;
}
