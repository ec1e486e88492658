namespace VptDsl;

/// <summary>
/// A vision transformer (Dosovitskiy et al., ICLR 2021) as the backbone: pre-norm blocks, LayerNorm with epsilon 1e-6,
/// exact (erf) GELU, a class token and learned position embeddings, with the parameter names of timm. Arguments make the variants of it
/// that were pre-trained since; those of well-known families have attributes of their own.
/// </summary>
/// <remarks>Give a preset, every size, or a preset and the sizes that differ from it; a size that is stated wins.</remarks>
/// <example>
/// <code>
/// [Vit(VitSize.Base, Patch = 16, Image = 224)]              // timm's vit_base_patch16_224
/// [Vit(Width = 64, Layers = 4, Heads = 4, Patch = 7, Image = 28, Channels = 1)]
/// [Vit(VitSize.Small, Layers = 6)]                          // half as deep
/// </code>
/// </example>
public sealed class VitAttribute : VisionTransformerAttribute
{
    /// <summary>A backbone whose <see cref="VisionTransformerAttribute.Width"/>, <see cref="VisionTransformerAttribute.Layers"/>
    /// and <see cref="VisionTransformerAttribute.Heads"/> are all stated.</summary>
    public VitAttribute()
    {
    }

    /// <summary>A backbone of a usual size.</summary>
    /// <param name="size">
    /// Sets width, layers and heads, and the default of <see cref="VisionTransformerAttribute.Patch"/>.
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
