namespace VptDsl;

/// <summary>
/// A residual network (He et al., CVPR 2016) as the backbone, in torchvision's form: the stride is in the 3×3 convolution of a
/// bottleneck. Batch normalisation uses the statistics of the checkpoint, in training too, and is folded into the convolutions.
/// </summary>
/// <remarks>
/// <para>Give a preset, or <see cref="Depths"/> and <see cref="Widths"/>; what is stated wins. Parameters have torchvision's names.</para>
/// <para>The head reads the mean over the last map: 2048 numbers for ResNet-50.</para>
/// </remarks>
/// <example>
/// <code>
/// [ResNet(ResNetSize.Layers50)]                                                     // resnet50 at 224 pixels
/// [ResNet(Depths = "1,2,1,1", Widths = "4,6,12,20", Stem = 8, Image = 32)]
/// </code>
/// </example>
public sealed class ResNetAttribute : BackboneAttribute
{
    /// <summary>A backbone whose <see cref="Depths"/> and <see cref="Widths"/> are stated.</summary>
    public ResNetAttribute()
    {
    }

    /// <summary>A backbone of a usual size.</summary>
    /// <param name="size">Sets <see cref="Depths"/>, <see cref="Widths"/> and <see cref="Expansion"/>.</param>
    public ResNetAttribute(ResNetSize size)
    {
        (Depths, Expansion) = size switch
        {
            ResNetSize.Layers18 => ("2,2,2,2", 1),
            ResNetSize.Layers34 => ("3,4,6,3", 1),
            ResNetSize.Layers50 => ("3,4,6,3", 4),
            ResNetSize.Layers101 => ("3,4,23,3", 4),
            ResNetSize.Layers152 => ("3,8,36,3", 4),
            _ => throw new ArgumentOutOfRangeException(nameof(size), size, "Use one of the named sizes, for instance ResNetSize.Layers50."),
        };
        Widths = "64,128,256,512";
    }

    /// <summary>Height and width of an image in pixels, without prompts around it; 224 unless stated.</summary>
    public int Image { get; set; } = 224;

    /// <summary>Colour channels of an image; 3 unless stated.</summary>
    public int Channels { get; set; } = 3;

    /// <summary>The channels of the first convolution; 64 unless stated.</summary>
    public int Stem { get; set; } = 64;

    /// <summary>The blocks of each of the four stages, with commas between them, for instance <c>3,4,6,3</c>.</summary>
    public string? Depths { get; set; }

    /// <summary>The channels inside the blocks of each stage, with commas between them, for instance <c>64,128,256,512</c>.</summary>
    public string? Widths { get; set; }

    /// <summary>
    /// How many times as wide as inside a block is at its end; 4 unless stated, as in ResNet-50. With 1, blocks are two 3×3
    /// convolutions, as in ResNet-18.
    /// </summary>
    public int Expansion { get; set; } = 4;
}

/// <summary>The usual sizes of a residual network.</summary>
public enum ResNetSize
{
    /// <summary>2, 2, 2, 2 blocks of two convolutions.</summary>
    Layers18,

    /// <summary>3, 4, 6, 3 blocks of two convolutions.</summary>
    Layers34,

    /// <summary>3, 4, 6, 3 bottlenecks: the paper's, 23.5 million parameters.</summary>
    Layers50,

    /// <summary>3, 4, 23, 3 bottlenecks.</summary>
    Layers101,

    /// <summary>3, 8, 36, 3 bottlenecks.</summary>
    Layers152,
}
