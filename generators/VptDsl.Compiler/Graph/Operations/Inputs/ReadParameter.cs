namespace VptDsl.Compiler.Graph.Operations;

/// <summary>A parameter, or consecutive rows of one.</summary>
internal sealed record ReadParameter(ParameterSlice Slice) : PlacedOperation
{
    public override IReadOnlyList<string> InputNames => [];

    public override IReadOnlyList<string> OutputNames => ["parameter"];

    public override Shape[] InferShapes(IReadOnlyList<Shape> inputs) => [Slice.Shape];

    public override void Differentiate(GradientContext gradient)
    {
    }
}
