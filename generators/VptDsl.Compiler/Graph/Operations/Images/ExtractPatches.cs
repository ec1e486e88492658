namespace VptDsl.Compiler.Graph.Operations;

/// <summary>
/// Rearranges an image into its patches, row-major: row i is patch i, in the order of a convolution weight
/// [width, channels, patch, patch], so that the patch embedding is a product.
/// </summary>
internal sealed record ExtractPatches(int Channels, int Size, int Patch) : Operation
{
    public override IReadOnlyList<string> InputNames => ["images"];

    public override IReadOnlyList<string> OutputNames => ["patches"];

    public override IReadOnlyList<OperationAttribute> Attributes => [Channels, Size, Patch];

    public override string Formula(IReadOnlyList<string> inputs, IReadOnlyList<Shape> shapes) => $"the patches of {inputs[0]}, row by row";

    public override string MethodName(IReadOnlyList<Shape> shapes) => $"ExtractPatches{Patch}";

    public override Shape[] InferShapes(IReadOnlyList<Shape> inputs)
    {
        Require(inputs[0] == new Shape(true, Channels * Size, Size), $"Images are {inputs[0]}.");
        int side = Size / Patch;
        return [new(Batched: true, side * side, Channels * Patch * Patch)];
    }

    public override void Differentiate(GradientContext gradient)
    {
        if (gradient.Needs(0))
        {
            gradient.Contribute(0, gradient.Builder.One(
                new FoldPatches(Channels, Size, Patch), [gradient.OutputGradient], gradient.Input(0).Name + "Gradient"));
        }
    }
}

/// <summary>The gradient of <see cref="ExtractPatches"/>: each pixel back from its patch.</summary>
internal sealed record FoldPatches(int Channels, int Size, int Patch) : Operation
{
    public override IReadOnlyList<string> InputNames => ["patches"];

    public override IReadOnlyList<string> OutputNames => ["images"];

    public override IReadOnlyList<OperationAttribute> Attributes => [Channels, Size, Patch];

    public override string Formula(IReadOnlyList<string> inputs, IReadOnlyList<Shape> shapes) => $"images of the patches {inputs[0]}";

    public override string MethodName(IReadOnlyList<Shape> shapes) => $"FoldPatches{Patch}";

    public override Shape[] InferShapes(IReadOnlyList<Shape> inputs)
    {
        int side = Size / Patch;
        Require(Size % Patch == 0 && inputs[0] == new Shape(true, side * side, Channels * Patch * Patch), $"The patches are {inputs[0]}.");
        return [new(Batched: true, Channels * Size, Size)];
    }

    public override long FloatingPointOperations(IReadOnlyList<Shape> inputs, IReadOnlyList<Shape?> outputs) => 0;
}
