namespace VptDsl;

/// <summary>
/// DeiT III (Touvron et al., 2022) as the backbone: layer scale, positions on patches alone.
/// </summary>
/// <remarks>
/// Patches are of 16 pixels, of the huge one 14.
/// </remarks>
/// <example>
/// <code>
/// [DeiT3(DeiT3Size.Base)]                                   // timm/deit3_base_patch16_224.fb_in22k_ft_in1k
/// </code>
/// </example>
public sealed class DeiT3Attribute : VisionTransformerAttribute
{
    /// <summary>A backbone of the family.</summary>
    /// <param name="size">Which; it sets every argument that is not stated.</param>
    public DeiT3Attribute(DeiT3Size size)
    {
        (Width, Layers, Heads) = size switch
        {
            DeiT3Size.Small => (384, 12, 6),
            DeiT3Size.Medium => (512, 12, 8),
            DeiT3Size.Base => (768, 12, 12),
            DeiT3Size.Large => (1024, 24, 16),
            DeiT3Size.Huge => (1280, 32, 16),
            _ => throw new ArgumentOutOfRangeException(nameof(size), size, "Use one of the named sizes, for instance DeiT3Size.Base."),
        };
        if (size == DeiT3Size.Huge)
            Patch = 14;
        LayerScale = true;
        Positions = PositionEmbedding.LearnedOnPatches;
    }
}

/// <summary>The sizes of DeiT III.</summary>
public enum DeiT3Size
{
    /// <summary>Width 384, 12 layers, 6 heads.</summary>
    Small,

    /// <summary>Width 512, 12 layers, 8 heads.</summary>
    Medium,

    /// <summary>Width 768, 12 layers, 12 heads.</summary>
    Base,

    /// <summary>Width 1024, 24 layers, 16 heads.</summary>
    Large,

    /// <summary>Width 1280, 32 layers, 16 heads, patches of 14.</summary>
    Huge,
}
