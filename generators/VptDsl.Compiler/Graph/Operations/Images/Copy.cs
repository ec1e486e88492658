namespace VptDsl.Compiler.Graph.Operations;

/// <summary>A copy to another place; without a batch to a place with one, to every image.</summary>
internal sealed record Copy : Operation
{
    public override IReadOnlyList<string> InputNames => ["x"];

    public override IReadOnlyList<string> OutputNames => ["copy"];

    public override IReadOnlyList<OperationAttribute> Attributes => [];

    public override string Formula(IReadOnlyList<string> inputs, IReadOnlyList<Shape> shapes) => inputs[0];

    public override Shape[] InferShapes(IReadOnlyList<Shape> inputs) => [inputs[0]];

    public override bool IsRowwise(int input) => true;

    public override long FloatingPointOperations(IReadOnlyList<Shape> inputs, IReadOnlyList<Shape?> outputs) => 0;
}
