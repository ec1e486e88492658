namespace VptDsl.Compiler.Graph.Operations;

/// <summary>
/// Images with a border of <paramref name="Pixels"/> pixels on each side that is the same for every image: left and right first, then
/// top and bottom over the whole new width.
/// </summary>
/// <remarks>
/// Inputs: images [channels * height, width]; topBottom [channels * 2 * pixels, width + 2 * pixels], of each channel the rows above the
/// image and then those below it; leftRight [channels * height, 2 * pixels], of each row the pixels left of the image and then those
/// right of it.
/// </remarks>
internal sealed record PadImages(int Channels, PlaneSize Size, int Pixels) : Operation
{
    public override IReadOnlyList<string> InputNames => ["images", "topBottom", "leftRight"];

    public override IReadOnlyList<string> OutputNames => ["padded"];

    public override IReadOnlyList<OperationAttribute> Attributes => [Channels, Size, Pixels];

    public override string Formula(IReadOnlyList<string> inputs, IReadOnlyList<Shape> shapes) =>
        $"{inputs[0]} with {inputs[1]} and {inputs[2]} around them";

    public override Shape[] InferShapes(IReadOnlyList<Shape> inputs)
    {
        Shape[] expected = new PadImagesGradient(Channels, Size, Pixels).Parts;
        Require(inputs.SequenceEqual(expected), $"{inputs[0]} with borders {inputs[1]} and {inputs[2]} does not fit.");
        return [ExtractPatches.Images(Channels, Size.Bordered(Pixels))];
    }

    public override void Differentiate(GradientContext gradient)
    {
        string?[] names = Enumerable.Range(0, 3).Select(i => gradient.Needs(i) ? gradient.Input(i).Name + "Gradient" : null).ToArray();
        Node node = gradient.Builder.Add(new PadImagesGradient(Channels, Size, Pixels), [gradient.OutputGradient], names);
        for (int i = 0; i < names.Length; i++)
        {
            if (node.Outputs[i] is { } contribution)
                gradient.Contribute(i, contribution);
        }
    }

    public override long FloatingPointOperations(IReadOnlyList<Shape> inputs, IReadOnlyList<Shape?> outputs) => 0;
}

/// <summary>The gradients of <see cref="PadImages"/>: the images' own part, and those of the borders, summed over the images.</summary>
internal sealed record PadImagesGradient(int Channels, PlaneSize Size, int Pixels) : Operation
{
    public override IReadOnlyList<string> InputNames => ["dPadded"];

    public override IReadOnlyList<string> OutputNames => ["dImages", "dTopBottom", "dLeftRight"];

    public override IReadOnlyList<OperationAttribute> Attributes => [Channels, Size, Pixels];

    public override string Formula(IReadOnlyList<string> inputs, IReadOnlyList<Shape> shapes) => $"the parts of {inputs[0]}";

    /// <summary>The shapes of images, top and bottom, left and right.</summary>
    public Shape[] Parts =>
    [
        ExtractPatches.Images(Channels, Size),
        new(Batched: false, Channels * 2 * Pixels, Size.Bordered(Pixels).Width),
        new(Batched: false, Channels * Size.Height, 2 * Pixels),
    ];

    public override Shape[] InferShapes(IReadOnlyList<Shape> inputs)
    {
        Require(
            inputs[0] == ExtractPatches.Images(Channels, Size.Bordered(Pixels)), $"The gradient of padded images is {inputs[0]}.");
        return Parts;
    }

    public override long FloatingPointOperations(IReadOnlyList<Shape> inputs, IReadOnlyList<Shape?> outputs) =>
        outputs.Skip(1).Sum(o => o?.Count ?? 0);
}
