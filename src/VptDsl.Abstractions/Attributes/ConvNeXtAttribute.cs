namespace VptDsl;

/// <summary>
/// A ConvNeXt (Liu et al., CVPR 2022) as the backbone: four stages of depth-wise 7×7 convolutions, LayerNorm with epsilon 1e-6 and
/// MLPs with exact (erf) GELU and layer scale. Parameters have the names of the authors' own checkpoints.
/// </summary>
/// <remarks>
/// <para>Give a preset, or <see cref="Depths"/> and <see cref="Widths"/>; what is stated wins.</para>
/// <para>The head reads the mean over the last map, normalised: as many numbers as the last stage has channels.</para>
/// </remarks>
/// <example>
/// <code>
/// [ConvNeXt(ConvNeXtSize.Base)]                                             // convnext_base at 224 pixels
/// [ConvNeXt(Depths = "1,1,2,1", Widths = "8,12,16,28", Image = 32)]
/// </code>
/// </example>
public sealed class ConvNeXtAttribute : BackboneAttribute
{
    /// <summary>A backbone whose <see cref="Depths"/> and <see cref="Widths"/> are stated.</summary>
    public ConvNeXtAttribute()
    {
    }

    /// <summary>A backbone of a usual size.</summary>
    /// <param name="size">Sets <see cref="Depths"/> and <see cref="Widths"/>.</param>
    public ConvNeXtAttribute(ConvNeXtSize size)
    {
        (Depths, Widths) = size switch
        {
            ConvNeXtSize.Tiny => ("3,3,9,3", "96,192,384,768"),
            ConvNeXtSize.Small => ("3,3,27,3", "96,192,384,768"),
            ConvNeXtSize.Base => ("3,3,27,3", "128,256,512,1024"),
            ConvNeXtSize.Large => ("3,3,27,3", "192,384,768,1536"),
            _ => throw new ArgumentOutOfRangeException(nameof(size), size, "Use one of the named sizes, for instance ConvNeXtSize.Base."),
        };
    }

    /// <summary>Height and width of an image in pixels, without prompts around it; 32 or more, 224 unless stated.</summary>
    public int Image { get; set; } = 224;

    /// <summary>Colour channels of an image; 3 unless stated.</summary>
    public int Channels { get; set; } = 3;

    /// <summary>The blocks of each of the four stages, with commas between them, for instance <c>3,3,27,3</c>.</summary>
    public string? Depths { get; set; }

    /// <summary>The channels of each of the four stages, with commas between them, for instance <c>128,256,512,1024</c>.</summary>
    public string? Widths { get; set; }
}

/// <summary>The usual sizes of a ConvNeXt.</summary>
public enum ConvNeXtSize
{
    /// <summary>3, 3, 9, 3 blocks, 96 to 768 channels.</summary>
    Tiny,

    /// <summary>3, 3, 27, 3 blocks, 96 to 768 channels.</summary>
    Small,

    /// <summary>3, 3, 27, 3 blocks, 128 to 1024 channels: the paper's, 87.6 million parameters.</summary>
    Base,

    /// <summary>3, 3, 27, 3 blocks, 192 to 1536 channels.</summary>
    Large,
}
