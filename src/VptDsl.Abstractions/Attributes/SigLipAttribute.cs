namespace VptDsl;

/// <summary>
/// The image tower of SigLIP and SigLIP 2 (Zhai et al., 2023; Tschannen et al., 2025) as the backbone: no class token, GELU by the
/// hyperbolic tangent, and an attention pool that is part of the pre-trained weights.
/// </summary>
/// <remarks>
/// The pool stays frozen unless the last layers or everything is trained; <c>Pool = TokenPool.ImageTokens</c> goes without it.
/// timm's models of the first three sizes compute the exact GELU instead: <c>Activation = ActivationKind.Gelu</c>. Images of SO400M at 384
/// pixels are 378 pixels here: 27 patches of 14, as its weights have them.
/// </remarks>
/// <example>
/// <code>
/// [SigLip(SigLipSize.Base)]                                 // google/siglip-base-patch16-224
/// [SigLip(SigLipSize.So400M, Image = 378)]                  // google/siglip-so400m-patch14-384
/// </code>
/// </example>
public sealed class SigLipAttribute : VisionTransformerAttribute
{
    /// <summary>A backbone of the family.</summary>
    /// <param name="size">Which; it sets every argument that is not stated.</param>
    public SigLipAttribute(SigLipSize size)
    {
        (Width, Layers, Heads) = size switch
        {
            SigLipSize.Base => (768, 12, 12),
            SigLipSize.Large => (1024, 24, 16),
            SigLipSize.So400M => (1152, 27, 16),
            SigLipSize.GiantOpt => (1536, 40, 16),
            _ => throw new ArgumentOutOfRangeException(nameof(size), size, "Use one of the named sizes, for instance SigLipSize.Base."),
        };
        Image = size is SigLipSize.Large or SigLipSize.GiantOpt ? 256 : 224;
        ClassToken = false;
        Activation = ActivationKind.GeluTanh;
        Pool = TokenPool.Attention;
        if (size == SigLipSize.So400M)
            (Patch, Mlp) = (14, 4304);
    }
}

/// <summary>The sizes of SigLIP and SigLIP 2.</summary>
public enum SigLipSize
{
    /// <summary>Width 768, 12 layers, 12 heads.</summary>
    Base,

    /// <summary>Width 1024, 24 layers, 16 heads; 256 pixels.</summary>
    Large,

    /// <summary>Width 1152, 27 layers, 16 heads, MLPs of width 4304, patches of 14.</summary>
    So400M,

    /// <summary>Width 1536, 40 layers, 16 heads; 256 pixels.</summary>
    GiantOpt,
}
