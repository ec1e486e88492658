using VptDsl.Programs;

namespace VptDsl.Compiler.Graph.Operations;

/// <summary>The images of the batch, each [channels * height, width].</summary>
internal sealed record ReadImages(int Channels, PlaneSize Size) : PlacedOperation
{
    public override IReadOnlyList<string> InputNames => [];

    public override IReadOnlyList<string> OutputNames => ["images"];

    public override Shape[] InferShapes(IReadOnlyList<Shape> inputs) => [ExtractPatches.Images(Channels, Size)];
}

/// <summary>The labels of the batch: <paramref name="Count"/> for each image, one a row.</summary>
internal sealed record ReadLabels(int Count) : PlacedOperation
{
    public override IReadOnlyList<string> InputNames => [];

    public override IReadOnlyList<string> OutputNames => ["labels"];

    public override Shape[] InferShapes(IReadOnlyList<Shape> inputs) => [new(Batched: true, Count, 1)];
}

/// <summary>How much each image of the batch counts in the loss: its class's weight.</summary>
internal sealed record ReadImageWeights : PlacedOperation
{
    public override IReadOnlyList<string> InputNames => [];

    public override IReadOnlyList<string> OutputNames => ["weights"];

    public override Shape[] InferShapes(IReadOnlyList<Shape> inputs) => [new(Batched: true, 1, 1)];
}

/// <summary>
/// How each image's target differs from its label: another class, that class's share, the share that all classes get alike, and the number
/// of these classes. Zeros are no difference.
/// </summary>
internal sealed record ReadSoftening : PlacedOperation
{
    /// <summary>Numbers for an image.</summary>
    public const int Columns = SofteningLayout.Columns;

    public override IReadOnlyList<string> InputNames => [];

    public override IReadOnlyList<string> OutputNames => ["softening"];

    public override Shape[] InferShapes(IReadOnlyList<Shape> inputs) => [new(Batched: true, 1, Columns)];
}

/// <summary>What frozen layers made of each image, now or in an earlier epoch.</summary>
internal sealed record ReadFeatures(int Rows, int Columns) : PlacedOperation
{
    public override IReadOnlyList<string> InputNames => [];

    public override IReadOnlyList<string> OutputNames => ["features"];

    public override Shape[] InferShapes(IReadOnlyList<Shape> inputs) => [new(Batched: true, Rows, Columns)];
}
