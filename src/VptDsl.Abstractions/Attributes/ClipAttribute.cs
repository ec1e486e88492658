namespace VptDsl;

/// <summary>
/// The image tower of CLIP (Radford et al., 2021) as the backbone: tokens are normalised before the first block, epsilon 1e-5. Base and
/// large have OpenAI's quick GELU, huge LAION's exact one.
/// </summary>
/// <remarks>
/// Weights of base and large that LAION or DataComp trained have the exact GELU: <c>Activation = ActivationKind.Gelu</c>. The projection
/// into the space that images share with texts is no part of the backbone.
/// </remarks>
/// <example>
/// <code>
/// [Clip(ClipSize.Base, Patch = 32)]                         // openai/clip-vit-base-patch32
/// [Clip(ClipSize.Large, Image = 336)]                       // openai/clip-vit-large-patch14-336
/// </code>
/// </example>
public sealed class ClipAttribute : VisionTransformerAttribute
{
    /// <summary>A backbone of the family.</summary>
    /// <param name="size">Which; it sets every argument that is not stated.</param>
    public ClipAttribute(ClipSize size)
    {
        (Width, Layers, Heads) = size switch
        {
            ClipSize.Base => (768, 12, 12),
            ClipSize.Large => (1024, 24, 16),
            ClipSize.Huge => (1280, 32, 16),
            _ => throw new ArgumentOutOfRangeException(nameof(size), size, "Use one of the named sizes, for instance ClipSize.Base."),
        };
        Patch = size == ClipSize.Base ? 16 : 14;
        Epsilon = 1e-5;
        PreNorm = true;
        Activation = size == ClipSize.Huge ? ActivationKind.Gelu : ActivationKind.QuickGelu;
    }
}

/// <summary>The sizes of CLIP.</summary>
public enum ClipSize
{
    /// <summary>Width 768, 12 layers, 12 heads, patches of 16.</summary>
    Base,

    /// <summary>Width 1024, 24 layers, 16 heads, patches of 14.</summary>
    Large,

    /// <summary>Width 1280, 32 layers, 16 heads, patches of 14.</summary>
    Huge,
}
