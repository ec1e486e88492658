namespace VptDsl.Compiler.Graph.Operations;

/// <summary>
/// Rearranges an image into its patches, row-major: row i is patch i, in the order of a convolution weight
/// [width, channels, patch, patch], so that the patch embedding is a product.
/// </summary>
internal sealed record ExtractPatches(int Channels, int Size, int Patch) : Operation
{
    public override IReadOnlyList<string> InputNames => ["images"];

    public override IReadOnlyList<string> OutputNames => ["patches"];

    public override Shape[] InferShapes(IReadOnlyList<Shape> inputs)
    {
        Require(inputs[0] == new Shape(true, Channels * Size, Size), $"Images are {inputs[0]}.");
        int side = Size / Patch;
        return [new(Batched: true, side * side, Channels * Patch * Patch)];
    }
}
