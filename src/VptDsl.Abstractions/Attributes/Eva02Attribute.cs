namespace VptDsl;

/// <summary>
/// EVA-02 (Fang et al., 2023) as the backbone: learned and rotary positions, gated MLPs, biases of queries and values, the mean of the
/// image tokens normalised after pooling.
/// </summary>
/// <remarks>
/// Patches are of 14 pixels. Places are counted in the 16 by 16 patches of pre-training whatever the image's size.
/// </remarks>
/// <example>
/// <code>
/// [Eva02(Eva02Size.Base, Image = 448)]                      // timm/eva02_base_patch14_448.mim_in22k_ft_in1k
/// </code>
/// </example>
public sealed class Eva02Attribute : VisionTransformerAttribute
{
    /// <summary>A backbone of the family.</summary>
    /// <param name="size">Which; it sets every argument that is not stated.</param>
    public Eva02Attribute(Eva02Size size)
    {
        (Width, Layers, Heads, Mlp) = size switch
        {
            Eva02Size.Tiny => (192, 12, 3, 512),
            Eva02Size.Small => (384, 12, 6, 1024),
            Eva02Size.Base => (768, 12, 12, 2048),
            Eva02Size.Large => (1024, 24, 16, 2730),
            _ => throw new ArgumentOutOfRangeException(nameof(size), size, "Use one of the named sizes, for instance Eva02Size.Base."),
        };
        Patch = 14;
        Rotary = RotaryEmbedding.Pairs;
        AttentionBias = AttentionBias.QueryAndValue;
        MlpForm = size is Eva02Size.Tiny or Eva02Size.Small ? MlpForm.Gated : MlpForm.GatedAndNormalized;
        Pool = TokenPool.ImageTokens;
        FinalNorm = FinalNorm.AfterPool;
    }
}

/// <summary>The sizes of EVA-02.</summary>
public enum Eva02Size
{
    /// <summary>Width 192, 12 layers, 3 heads, MLPs of width 512.</summary>
    Tiny,

    /// <summary>Width 384, 12 layers, 6 heads, MLPs of width 1024.</summary>
    Small,

    /// <summary>Width 768, 12 layers, 12 heads, normalised MLPs of width 2048.</summary>
    Base,

    /// <summary>Width 1024, 24 layers, 16 heads, normalised MLPs of width 2730.</summary>
    Large,
}
