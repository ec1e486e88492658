namespace VptDsl;

/// <summary>
/// DeiT (Touvron et al., 2021) as the backbone: a vision transformer that was trained on ImageNet alone.
/// </summary>
/// <remarks>
/// The distilled ones have a second token: <c>DistillationToken = true</c>. The head reads the class token.
/// </remarks>
/// <example>
/// <code>
/// [DeiT(DeiTSize.Small)]                                    // facebook/deit-small-patch16-224
/// [DeiT(DeiTSize.Base, DistillationToken = true)]           // facebook/deit-base-distilled-patch16-224
/// </code>
/// </example>
public sealed class DeiTAttribute : VisionTransformerAttribute
{
    /// <summary>A backbone of the family.</summary>
    /// <param name="size">Which; it sets every argument that is not stated.</param>
    public DeiTAttribute(DeiTSize size)
    {
        (Width, Layers, Heads) = size switch
        {
            DeiTSize.Tiny => (192, 12, 3),
            DeiTSize.Small => (384, 12, 6),
            DeiTSize.Base => (768, 12, 12),
            _ => throw new ArgumentOutOfRangeException(nameof(size), size, "Use one of the named sizes, for instance DeiTSize.Small."),
        };
    }
}

/// <summary>The sizes of DeiT.</summary>
public enum DeiTSize
{
    /// <summary>Width 192, 12 layers, 3 heads.</summary>
    Tiny,

    /// <summary>Width 384, 12 layers, 6 heads.</summary>
    Small,

    /// <summary>Width 768, 12 layers, 12 heads.</summary>
    Base,
}
