namespace VptDsl;

/// <summary>
/// BEiT and BEiT v2 (Bao et al., 2022; Peng et al., 2022) as the backbone: a bias for the distance of two patches instead of positions,
/// layer scale, biases of queries and values, the mean of the image tokens normalised after pooling.
/// </summary>
/// <remarks>
/// Prompts have no place: what is added to scores is 0 for them.
/// </remarks>
/// <example>
/// <code>
/// [Beit(BeitSize.Base)]                                     // timm/beitv2_base_patch16_224.in1k_ft_in22k_in1k
/// </code>
/// </example>
public sealed class BeitAttribute : VisionTransformerAttribute
{
    /// <summary>A backbone of the family.</summary>
    /// <param name="size">Which; it sets every argument that is not stated.</param>
    public BeitAttribute(BeitSize size)
    {
        (Width, Layers, Heads) = size switch
        {
            BeitSize.Base => (768, 12, 12),
            BeitSize.Large => (1024, 24, 16),
            _ => throw new ArgumentOutOfRangeException(nameof(size), size, "Use one of the named sizes, for instance BeitSize.Base."),
        };
        Positions = PositionEmbedding.None;
        RelativeBias = true;
        AttentionBias = AttentionBias.QueryAndValue;
        LayerScale = true;
        Pool = TokenPool.ImageTokens;
        FinalNorm = FinalNorm.AfterPool;
    }
}

/// <summary>The sizes of BEiT.</summary>
public enum BeitSize
{
    /// <summary>Width 768, 12 layers, 12 heads.</summary>
    Base,

    /// <summary>Width 1024, 24 layers, 16 heads.</summary>
    Large,
}
