namespace VptDsl.Compiler.Spec;

/// <summary>A decoder that tells the class of every pixel from the patch tokens.</summary>
/// <param name="Classes">The classes that a pixel can have.</param>
/// <param name="Decoder">Which of the decoders of Zheng et al. (2021), or a linear layer on each token.</param>
/// <param name="Width">The channels of its convolutions.</param>
/// <param name="Ignored">The label of pixels that neither loss nor measure counts.</param>
internal sealed record SegmentationHeadSpec(int Classes, SetrDecoder Decoder, int Width, int Ignored) : HeadSpec(Classes)
{
    /// <summary>The layers whose tokens <see cref="SetrDecoder.Mla"/> reads.</summary>
    public const int Streams = 4;

    /// <summary>
    /// The convolutions of <see cref="SetrDecoder.Pup"/>, each followed by one enlargement by 2 where the image allows it.
    /// </summary>
    public const int Stages = 4;

    /// <summary>By how much a step enlarges a map.</summary>
    public const int Step = 2;

    public override string Identity => $"segmentation(classes={Classes},decoder={Decoder}"
        + (Decoder == SetrDecoder.Linear ? "" : $",width={Width}") + $",ignored={Ignored})";

    public override string TunerType => "SegmentationTuner";

    public override int? IgnoredLabel => Ignored;

    public override string Describe() => $"{Classes} classes of pixels by " + Decoder switch
    {
        SetrDecoder.Naive => $"a naive SETR decoder of width {Width}",
        SetrDecoder.Pup => $"a SETR-PUP decoder of width {Width}",
        SetrDecoder.Mla => $"a SETR-MLA decoder of width {Width}",
        _ => "a linear layer on each patch",
    };

    public override int LabelsPerImage(BackboneSpec backbone) => (int)Math.Min(int.MaxValue, backbone.Image.Area);

    public override double ParameterCount(BackboneSpec backbone)
    {
        double input = backbone.FeatureWidth, width = Width, classes = Classes, half = Math.Max(1, Width / 2);
        return Decoder switch
        {
            SetrDecoder.Naive => Block(input, width, 1) + Convolution(width, classes, 1),
            SetrDecoder.Pup => Block(input, width, 9) + ((Stages - 1) * Block(width, width, 9)) + Convolution(width, classes, 1),
            SetrDecoder.Mla => (Streams * (Block(input, width, 1) + Block(width, width, 9) + Block(width, half, 9) + Block(half, half, 9)))
                + Convolution(Streams * half, classes, 1),
            _ => Convolution(input, classes, 1),
        };
    }

    /// <summary>Windows of convolutions included.</summary>
    public override double WidestActivation(BackboneSpec backbone)
    {
        if (backbone is not VitSpec vit)
            return 0;
        double pixels = vit.Image.Area, patches = pixels / vit.Patch.Area;
        double enlarged = Decoder == SetrDecoder.Pup ? Math.Min(pixels, patches * Math.Pow(Step, 2 * (Stages - 1))) : patches;
        double windows = Decoder is SetrDecoder.Pup or SetrDecoder.Mla ? 9 : 1;
        return Math.Max(pixels * Classes, enlarged * windows * (Decoder == SetrDecoder.Linear ? 1 : Math.Max(Width, vit.Width)));
    }

    /// <summary>A convolution without a bias, scale and shift, running mean and variance.</summary>
    private static double Block(double inputs, double outputs, int taps) => (inputs * taps * outputs) + (4 * outputs);

    private static double Convolution(double inputs, double outputs, int taps) => (inputs * taps * outputs) + outputs;
}
