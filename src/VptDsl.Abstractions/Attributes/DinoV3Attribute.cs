namespace VptDsl;

/// <summary>
/// DINOv3 (Siméoni et al., 2025) as the backbone: patches of 16 pixels, a class token and 4 registers, rotary positions, layer scale,
/// epsilon 1e-5; the sizes with a plus have gated MLPs.
/// </summary>
/// <remarks>
/// Some published weights have biases of queries and values (timm's <c>_qkvb</c>): state
/// <see cref="VisionTransformerAttribute.AttentionBias"/> for them. timm's own models pool the image tokens unless told otherwise; Meta's
/// and Hugging Face's take the class token, and so does this attribute.
/// </remarks>
/// <example>
/// <code>
/// [DinoV3(DinoV3Size.Base)]                                 // facebook/dinov3-vitb16-pretrain-lvd1689m, images of 256 pixels
/// [DinoV3(DinoV3Size.Small, Image = 224, AttentionBias = AttentionBias.QueryAndValue)]
/// </code>
/// </example>
public sealed class DinoV3Attribute : VisionTransformerAttribute
{
    /// <summary>A backbone of the family.</summary>
    /// <param name="size">Which; it sets every argument that is not stated.</param>
    public DinoV3Attribute(DinoV3Size size)
    {
        (Width, Layers, Heads) = size switch
        {
            DinoV3Size.Small => (384, 12, 6),
            DinoV3Size.SmallPlus => (384, 12, 6),
            DinoV3Size.Base => (768, 12, 12),
            DinoV3Size.Large => (1024, 24, 16),
            DinoV3Size.HugePlus => (1280, 32, 20),
            _ => throw new ArgumentOutOfRangeException(nameof(size), size, "Use one of the named sizes, for instance DinoV3Size.Base."),
        };
        Image = 256;
        Registers = 4;
        Epsilon = 1e-5;
        Positions = PositionEmbedding.None;
        Rotary = RotaryEmbedding.Halves;
        AttentionBias = AttentionBias.None;
        LayerScale = true;
        if (size is DinoV3Size.SmallPlus or DinoV3Size.HugePlus)
            MlpForm = MlpForm.Gated;
    }
}

/// <summary>The sizes of DINOv3 that fit into one machine's memory.</summary>
public enum DinoV3Size
{
    /// <summary>Width 384, 12 layers, 6 heads.</summary>
    Small,

    /// <summary>The same with gated MLPs of width 1536.</summary>
    SmallPlus,

    /// <summary>Width 768, 12 layers, 12 heads.</summary>
    Base,

    /// <summary>Width 1024, 24 layers, 16 heads.</summary>
    Large,

    /// <summary>Width 1280, 32 layers, 20 heads, gated MLPs of width 5120.</summary>
    HugePlus,
}
