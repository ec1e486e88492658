namespace VptDsl;

/// <summary>
/// A vision transformer (Dosovitskiy et al., ICLR 2021) as the backbone: pre-norm blocks, LayerNorm with epsilon 1e-6,
/// exact (erf) GELU, a class token and learned position embeddings, with the parameter names of timm. Arguments make the variants of it
/// that were pre-trained since.
/// </summary>
/// <remarks>
/// <para>Give a preset, every size, or a preset and the sizes that differ from it; a size that is stated wins.</para>
/// <para>
/// An image <c>[channels, image, image]</c> becomes <c>(image / patch)²</c> patches. The token sequence is
/// <c>[1 class token, prompts, patches]</c>, each token <c>width</c> wide.
/// </para>
/// </remarks>
/// <example>
/// <code>
/// [Vit(VitSize.Base, Patch = 16, Image = 224)]              // timm's vit_base_patch16_224
/// [Vit(Width = 64, Layers = 4, Heads = 4, Patch = 7, Image = 28, Channels = 1)]
/// [Vit(VitSize.Small, Layers = 6)]                          // half as deep
/// </code>
/// </example>
public sealed class VitAttribute : BackboneAttribute
{
    /// <summary>How many times as wide as the tokens the MLPs are unless stated.</summary>
    internal const int MlpRatio = 4;

    /// <summary>What normalisations add to a variance unless stated.</summary>
    internal const double UsualEpsilon = 1e-6;

    private int? _mlp;

    /// <summary>A backbone whose <see cref="Width"/>, <see cref="Layers"/> and <see cref="Heads"/> are all stated.</summary>
    public VitAttribute()
    {
    }

    /// <summary>A backbone of a usual size.</summary>
    /// <param name="size">
    /// Sets <see cref="Width"/>, <see cref="Layers"/>, <see cref="Heads"/> and the default of <see cref="Patch"/>.
    /// </param>
    public VitAttribute(VitSize size)
    {
        (Width, Layers, Heads) = size switch
        {
            VitSize.Tiny => (192, 12, 3),
            VitSize.Small => (384, 12, 6),
            VitSize.Base => (768, 12, 12),
            VitSize.Large => (1024, 24, 16),
            VitSize.Huge => (1280, 32, 16),
            _ => throw new ArgumentOutOfRangeException(nameof(size), size, "Use one of the named sizes, for instance VitSize.Base."),
        };
        Patch = size == VitSize.Huge ? 14 : 16;
    }

    /// <summary>Height and width of an image in pixels; a multiple of <see cref="Patch"/>, 224 unless stated.</summary>
    public int Image { get; set; } = 224;

    /// <summary>Height and width of a patch in pixels; 16 unless stated, 14 for <see cref="VitSize.Huge"/>.</summary>
    public int Patch { get; set; } = 16;

    /// <summary>Colour channels of an image; 3 unless stated.</summary>
    public int Channels { get; set; } = 3;

    /// <summary>The width of a token, a multiple of <see cref="Heads"/>. Needed where no preset gives it.</summary>
    public int Width { get; set; }

    /// <summary>The number of transformer blocks. Needed where no preset gives it.</summary>
    public int Layers { get; set; }

    /// <summary>The number of attention heads, each <c>width / heads</c> wide. Needed where no preset gives it.</summary>
    public int Heads { get; set; }

    /// <summary>
    /// What the head reads of the last layer's tokens; the class token unless stated (the paper's ablation on the final output).
    /// </summary>
    public TokenPool Pool { get; set; }

    /// <summary>Whether the final normalisation stands before the pool, as usual, or after it, as in masked autoencoders.</summary>
    public FinalNorm FinalNorm { get; set; }

    /// <summary>What tells a patch's place: learned positions unless stated.</summary>
    public PositionEmbedding Positions { get; set; }

    /// <summary>What normalisations add to a variance, above 0 and below 1: 1e-6 unless stated, 1e-5 in CLIP.</summary>
    public double Epsilon { get; set; } = UsualEpsilon;

    /// <summary>
    /// The activation in the MLPs: the exact GELU unless stated, <see cref="ActivationKind.QuickGelu"/> in OpenAI's CLIP.
    /// </summary>
    public ActivationKind Activation { get; set; }

    /// <summary>
    /// Whether the tokens are normalised before the first block, by <c>norm_pre.*</c>, and patches embedded without a bias, as in CLIP.
    /// Prompts enter after it.
    /// </summary>
    public bool PreNorm { get; set; }

    /// <summary>
    /// Whether each block scales what attention and MLP add, by <c>ls1.gamma</c> and <c>ls2.gamma</c>, as in DINOv2 and DeiT III.
    /// Adapters come after it.
    /// </summary>
    public bool LayerScale { get; set; }

    /// <summary>The hidden width of each block's MLP; 4 times <see cref="Width"/> unless stated.</summary>
    public int Mlp
    {
        get => _mlp ?? MlpRatio * Width;
        set => _mlp = value;
    }
}

/// <summary>The usual sizes of a vision transformer; the MLP is always 4 times as wide as the tokens.</summary>
public enum VitSize
{
    /// <summary>Width 192, 12 layers, 3 heads.</summary>
    Tiny,

    /// <summary>Width 384, 12 layers, 6 heads.</summary>
    Small,

    /// <summary>Width 768, 12 layers, 12 heads: the paper's main backbone, 85.8 million parameters at patch 16.</summary>
    Base,

    /// <summary>Width 1024, 24 layers, 16 heads.</summary>
    Large,

    /// <summary>Width 1280, 32 layers, 16 heads, patch 14.</summary>
    Huge,
}
