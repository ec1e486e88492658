namespace VptDsl;

/// <summary>
/// Tells the class of every pixel: a decoder on the patch tokens of a <see cref="VitAttribute"/> after its final normalisation, as the
/// paper segments with SETR (Zheng et al., 2021). It is always trained; the class derives from <c>SegmentationTuner</c>.
/// </summary>
/// <remarks>
/// Trains <c>head.….conv.weight</c>, convolutions, each followed by batch normalisation (<c>head.….norm</c>) and ReLU, and
/// <c>head.weight</c>, <c>[classes, channels, 1, 1]</c>, with <c>head.bias</c>. The loss is the mean cross-entropy of all pixels of a batch
/// that count.
/// </remarks>
/// <example><code>[SegmentationHead(Classes = 150, Decoder = SetrDecoder.Pup)]</code></example>
public sealed class SegmentationHeadAttribute : HeadAttribute
{
    /// <summary>
    /// The most classes that a task may have, 2 or more. It must be stated, for every pixel has a logit for each of them; the data say how
    /// many a task has.
    /// </summary>
    public int Classes { get; set; }

    /// <summary>How patch tokens become classes of pixels; <see cref="SetrDecoder.Naive"/> unless stated.</summary>
    public SetrDecoder Decoder { get; set; }

    /// <summary>Channels of the decoder's convolutions; 1 or more, 256 unless stated. <see cref="SetrDecoder.Linear"/> has none.</summary>
    public int Width { get; set; } = 256;

    /// <summary>The label of pixels that neither the loss nor the measure counts; no class's label, 255 unless stated.</summary>
    public int IgnoreLabel { get; set; } = 255;
}

/// <summary>How patch tokens become classes of pixels.</summary>
public enum SetrDecoder
{
    /// <summary>A 1×1 convolution, norm and ReLU, then a 1×1 convolution to the classes, enlarged to the image.</summary>
    Naive,

    /// <summary>
    /// Progressive upsampling: four 3×3 convolutions with norm and ReLU, each followed by bilinear enlargement by 2 as long as the patch
    /// leaves room for it, and a 1×1 convolution to the classes.
    /// </summary>
    Pup,

    /// <summary>
    /// Multi-level aggregation: the tokens after each quarter of the layers, added up from the last to the first, three 3×3 convolutions
    /// for each, side by side, and a 1×1 convolution to the classes. Needs 4 layers.
    /// </summary>
    Mla,

    /// <summary>A 1×1 convolution to the classes, enlarged to the image: a linear probe of the patch tokens.</summary>
    Linear,
}
