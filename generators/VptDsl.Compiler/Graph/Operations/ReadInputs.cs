namespace VptDsl.Compiler.Graph.Operations;

/// <summary>The images of the batch, each [channels * size, size].</summary>
internal sealed record ReadImages(int Channels, int Size) : Operation
{
    public override IReadOnlyList<string> InputNames => [];

    public override IReadOnlyList<string> OutputNames => ["images"];

    public override Shape[] InferShapes(IReadOnlyList<Shape> inputs) => [new(Batched: true, Channels * Size, Size)];

    public override long FloatingPointOperations(IReadOnlyList<Shape> inputs, IReadOnlyList<Shape?> outputs) => 0;
}

/// <summary>The labels of the batch: <paramref name="Count"/> for each image, one a row.</summary>
internal sealed record ReadLabels(int Count) : Operation
{
    public override IReadOnlyList<string> InputNames => [];

    public override IReadOnlyList<string> OutputNames => ["labels"];

    public override Shape[] InferShapes(IReadOnlyList<Shape> inputs) => [new(Batched: true, Count, 1)];

    public override long FloatingPointOperations(IReadOnlyList<Shape> inputs, IReadOnlyList<Shape?> outputs) => 0;
}

/// <summary>How much each image of the batch counts in the loss: its class's weight.</summary>
internal sealed record ReadImageWeights : Operation
{
    public override IReadOnlyList<string> InputNames => [];

    public override IReadOnlyList<string> OutputNames => ["weights"];

    public override Shape[] InferShapes(IReadOnlyList<Shape> inputs) => [new(Batched: true, 1, 1)];

    public override long FloatingPointOperations(IReadOnlyList<Shape> inputs, IReadOnlyList<Shape?> outputs) => 0;
}

/// <summary>What frozen layers made of each image, now or in an earlier epoch.</summary>
internal sealed record ReadFeatures(int Rows, int Columns) : Operation
{
    public override IReadOnlyList<string> InputNames => [];

    public override IReadOnlyList<string> OutputNames => ["features"];

    public override Shape[] InferShapes(IReadOnlyList<Shape> inputs) => [new(Batched: true, Rows, Columns)];

    public override long FloatingPointOperations(IReadOnlyList<Shape> inputs, IReadOnlyList<Shape?> outputs) => 0;
}
