namespace VptDsl.Compiler.Graph.Operations;

/// <summary>The sum over the images of the batch.</summary>
internal sealed record SumImages : Operation
{
    public override IReadOnlyList<string> InputNames => ["x"];

    public override IReadOnlyList<string> OutputNames => ["sum"];

    public override IReadOnlyList<OperationAttribute> Attributes => [];

    public override string Formula(IReadOnlyList<string> inputs, IReadOnlyList<Shape> shapes) => $"the sum of {inputs[0]} over the images";

    public override Shape[] InferShapes(IReadOnlyList<Shape> inputs)
    {
        Require(inputs[0].Batched, $"There is no batch to sum over.");
        return [inputs[0] with { Batched = false }];
    }
}

/// <summary>The sum over all rows of all images: the gradient of a bias.</summary>
internal sealed record SumRows : Operation
{
    public override IReadOnlyList<string> InputNames => ["x"];

    public override IReadOnlyList<string> OutputNames => ["sum"];

    public override IReadOnlyList<OperationAttribute> Attributes => [];

    public override string Formula(IReadOnlyList<string> inputs, IReadOnlyList<Shape> shapes) => $"the sum of {inputs[0]} over all rows";

    public override Shape[] InferShapes(IReadOnlyList<Shape> inputs) => [new(Batched: false, 1, inputs[0].Columns)];
}
