namespace VptDsl;

/// <summary>
/// A vision transformer as the backbone, with everything that families of them differ in as an argument: the class token and its kin,
/// positions, biases and norms, the form of the MLPs, what the head reads.
/// </summary>
/// <remarks>
/// <para>
/// An image <c>[channels, height, width]</c> becomes <c>(height / patch height) * (width / patch width)</c> patches; images and patches are
/// squares unless stated. The token sequence is
/// <c>[class token, distillation token, registers, prompts, patches]</c>, each token <c>width</c> wide.
/// </para>
/// <para>
/// <see cref="VitAttribute"/> is the plain one; others, such as <see cref="DinoV2Attribute"/>, start from the arguments of their family.
/// An argument that is stated wins.
/// </para>
/// </remarks>
public abstract class VisionTransformerAttribute : BackboneAttribute
{
    /// <summary>How many times as wide as the tokens the MLPs are unless stated.</summary>
    internal const int MlpRatio = 4;

    /// <summary>What normalisations add to a variance unless stated.</summary>
    internal const double UsualEpsilon = 1e-6;

    private int? _mlp, _imageHeight, _imageWidth, _patchHeight, _patchWidth;

    private protected VisionTransformerAttribute()
    {
    }

    /// <summary>Height and width of an image in pixels; a multiple of <see cref="Patch"/>, 224 unless stated.</summary>
    public int Image { get; set; } = 224;

    /// <summary>Height and width of a patch in pixels; 16 unless stated, 14 for <see cref="VitSize.Huge"/>.</summary>
    public int Patch { get; set; } = 16;

    /// <summary>Height of an image in pixels, a multiple of <see cref="PatchHeight"/>; <see cref="Image"/> unless stated.</summary>
    public int ImageHeight
    {
        get => _imageHeight ?? Image;
        set => _imageHeight = value;
    }

    /// <summary>Width of an image in pixels, a multiple of <see cref="PatchWidth"/>; <see cref="Image"/> unless stated.</summary>
    public int ImageWidth
    {
        get => _imageWidth ?? Image;
        set => _imageWidth = value;
    }

    /// <summary>Height of a patch in pixels; <see cref="Patch"/> unless stated.</summary>
    public int PatchHeight
    {
        get => _patchHeight ?? Patch;
        set => _patchHeight = value;
    }

    /// <summary>Width of a patch in pixels; <see cref="Patch"/> unless stated.</summary>
    public int PatchWidth
    {
        get => _patchWidth ?? Patch;
        set => _patchWidth = value;
    }

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

    /// <summary>
    /// Whether the sequence starts with a class token; true unless stated. SigLIP has none: what the head reads is then another
    /// <see cref="Pool"/>.
    /// </summary>
    public bool ClassToken { get; set; } = true;

    /// <summary>Whether a distillation token follows the class token (<c>dist_token</c>), as in distilled DeiT.</summary>
    public bool DistillationToken { get; set; }

    /// <summary>The number of registers before the patches (<c>reg_token</c>); 0 unless stated, 4 in DINOv3.</summary>
    public int Registers { get; set; }

    /// <summary>
    /// Whether each block adds learned numbers for the distance of two patches to their scores
    /// (<c>attn.relative_position_bias_table</c>), as in BEiT. It needs a class token, and no other token. Prompts have none.
    /// </summary>
    public bool RelativeBias { get; set; }

    /// <summary>How queries and keys are turned by their patches' places; not at all unless stated.</summary>
    public RotaryEmbedding Rotary { get; set; }

    /// <summary>
    /// The patches on a side of the images of pre-training, which <see cref="RotaryEmbedding.Pairs"/> counts places in; 16 unless stated.
    /// </summary>
    public int RotaryGrid { get; set; } = 16;

    /// <summary>Which of query, key and value have a bias; all unless stated.</summary>
    public AttentionBias AttentionBias { get; set; }

    /// <summary>
    /// Whether each head's queries and keys are normalised, by <c>attn.q_norm.*</c> and <c>attn.k_norm.*</c>, which all heads share.
    /// </summary>
    public bool QueryKeyNorm { get; set; }

    /// <summary>What the MLPs do between their layers; plain unless stated. The gated ones take no <see cref="Activation"/>.</summary>
    public MlpForm MlpForm { get; set; }

    /// <summary>The hidden width that is stated; null where it follows from <see cref="Width"/>.</summary>
    internal int? StatedMlp => _mlp;

    /// <summary>The positions unless stated, with so many registers.</summary>
    internal virtual PositionEmbedding UsualPositions(int registers) => Positions;

    /// <summary>The hidden width of each block's MLP, of a gated one after the gate; 4 times <see cref="Width"/> unless stated.</summary>
    public int Mlp
    {
        get => _mlp ?? MlpRatio * Width;
        set => _mlp = value;
    }
}
