namespace VptDsl.Compiler.Graph.Operations;

/// <summary>
/// Rearranges an image into its patches, row-major: row i is patch i, in the order of a convolution weight
/// [width, channels, patch height, patch width], so that the patch embedding is a product.
/// </summary>
internal sealed record ExtractPatches(int Channels, PlaneSize Size, PlaneSize Patch) : Operation
{
    public override IReadOnlyList<string> InputNames => ["images"];

    public override IReadOnlyList<string> OutputNames => ["patches"];

    public override IReadOnlyList<OperationAttribute> Attributes => [Channels, Size, Patch];

    public override string Formula(IReadOnlyList<string> inputs, IReadOnlyList<Shape> shapes) => $"the patches of {inputs[0]}, row by row";

    public override string MethodName(IReadOnlyList<Shape> shapes) => $"ExtractPatches{Patch}";

    public override Shape[] InferShapes(IReadOnlyList<Shape> inputs)
    {
        Require(Size.IsMultipleOf(Patch) && inputs[0] == Images(Channels, Size), $"Images are {inputs[0]}.");
        return [Patches(Channels, Size, Patch)];
    }

    public override void Differentiate(GradientContext gradient)
    {
        if (gradient.Needs(0))
        {
            gradient.Contribute(0, gradient.Builder.One(
                new FoldPatches(Channels, Size, Patch), [gradient.OutputGradient], gradient.Input(0).Name + "Gradient"));
        }
    }

    /// <summary>The shape of images: the rows of a channel after those of the other.</summary>
    public static Shape Images(int channels, PlaneSize size) => new(Batched: true, channels * size.Height, size.Width);

    /// <summary>The shape of their patches.</summary>
    public static Shape Patches(int channels, PlaneSize size, PlaneSize patch) =>
        new(Batched: true, size.Over(patch).Count, channels * patch.Count);
}

/// <summary>The gradient of <see cref="ExtractPatches"/>: each pixel back from its patch.</summary>
internal sealed record FoldPatches(int Channels, PlaneSize Size, PlaneSize Patch) : Operation
{
    public override IReadOnlyList<string> InputNames => ["patches"];

    public override IReadOnlyList<string> OutputNames => ["images"];

    public override IReadOnlyList<OperationAttribute> Attributes => [Channels, Size, Patch];

    public override string Formula(IReadOnlyList<string> inputs, IReadOnlyList<Shape> shapes) => $"images of the patches {inputs[0]}";

    public override string MethodName(IReadOnlyList<Shape> shapes) => $"FoldPatches{Patch}";

    public override Shape[] InferShapes(IReadOnlyList<Shape> inputs)
    {
        Require(
            Size.IsMultipleOf(Patch) && inputs[0] == ExtractPatches.Patches(Channels, Size, Patch), $"The patches are {inputs[0]}.");
        return [ExtractPatches.Images(Channels, Size)];
    }

    public override long FloatingPointOperations(IReadOnlyList<Shape> inputs, IReadOnlyList<Shape?> outputs) => 0;
}
