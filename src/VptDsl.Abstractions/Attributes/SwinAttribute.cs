namespace VptDsl;

/// <summary>
/// A Swin transformer (Liu et al., ICCV 2021) as the backbone: stages of pre-norm blocks that attend inside windows, every second block
/// inside shifted ones, with relative position biases, LayerNorm with epsilon 1e-5 and exact (erf) GELU. Between stages 2 × 2
/// neighbouring tokens become one of twice the width. Parameters have the names of its authors' code.
/// </summary>
/// <remarks>
/// <para>Give a preset, every size, or a preset and the sizes that differ from it; a size that is stated wins.</para>
/// <para>
/// An image <c>[channels, image, image]</c> becomes a grid of <c>image / patch</c> tokens a side, which halves at each further stage. A
/// grid no larger than a window is one window, without a shift. The head reads the mean over all tokens of the last stage after the
/// final norm, prompts included, <c>width · 2^(stages - 1)</c> wide.
/// </para>
/// <para>
/// Prompts are as in the paper's code, image by image: every window attends to all of them, they attend in every window, and their
/// outputs are averaged over the windows. Layers of <see cref="DeepPromptAttribute.Layers"/> count through all stages.
/// </para>
/// </remarks>
/// <example>
/// <code>
/// [Swin(SwinSize.Base)]                                      // swin_base_patch4_window7_224
/// [Swin(SwinSize.Base, Image = 384, Window = 12)]            // swin_base_patch4_window12_384
/// [Swin(Width = 32, Depths = "2,2", Heads = "2,4", Image = 32, Patch = 2, Window = 4)]
/// </code>
/// </example>
public sealed class SwinAttribute : BackboneAttribute
{
    /// <summary>A backbone whose <see cref="Width"/>, <see cref="Depths"/> and <see cref="Heads"/> are all stated.</summary>
    public SwinAttribute()
    {
    }

    /// <summary>A backbone of a usual size.</summary>
    /// <param name="size">Sets <see cref="Width"/>, <see cref="Depths"/> and <see cref="Heads"/>.</param>
    public SwinAttribute(SwinSize size) =>
        (Width, Depths, Heads) = size switch
        {
            SwinSize.Tiny => (96, "2,2,6,2", "3,6,12,24"),
            SwinSize.Small => (96, "2,2,18,2", "3,6,12,24"),
            SwinSize.Base => (128, "2,2,18,2", "4,8,16,32"),
            SwinSize.Large => (192, "2,2,18,2", "6,12,24,48"),
            _ => throw new ArgumentOutOfRangeException(nameof(size), size, "Use one of the named sizes, for instance SwinSize.Base."),
        };

    /// <summary>
    /// Height and width of an image in pixels, 224 unless stated. Each stage's grid must be a multiple of <see cref="Window"/> or no
    /// larger, and each but the last's even: multiples of <c>patch · window · 2^(stages - 1)</c> always fit.
    /// </summary>
    public int Image { get; set; } = 224;

    /// <summary>Height and width of a patch in pixels; 4 unless stated.</summary>
    public int Patch { get; set; } = 4;

    /// <summary>Colour channels of an image; 3 unless stated.</summary>
    public int Channels { get; set; } = 3;

    /// <summary>The width of a token in the first stage; it doubles with each stage. Needed where no preset gives it.</summary>
    public int Width { get; set; }

    /// <summary>The number of blocks of each stage, for instance <c>"2,2,18,2"</c>. Needed where no preset gives it.</summary>
    public string? Depths { get; set; }

    /// <summary>The number of attention heads in each stage, which divides its width. Needed where no preset gives it.</summary>
    public string? Heads { get; set; }

    /// <summary>Tokens on a side of a window; 7 unless stated.</summary>
    public int Window { get; set; } = 7;
}

/// <summary>The usual sizes of a Swin transformer.</summary>
public enum SwinSize
{
    /// <summary>Width 96, 2, 2, 6 and 2 blocks with 3, 6, 12 and 24 heads.</summary>
    Tiny,

    /// <summary>Width 96, 2, 2, 18 and 2 blocks with 3, 6, 12 and 24 heads.</summary>
    Small,

    /// <summary>Width 128, 2, 2, 18 and 2 blocks with 4, 8, 16 and 32 heads: the paper's Swin-B, 86.7 million parameters.</summary>
    Base,

    /// <summary>Width 192, 2, 2, 18 and 2 blocks with 6, 12, 24 and 48 heads.</summary>
    Large,
}
