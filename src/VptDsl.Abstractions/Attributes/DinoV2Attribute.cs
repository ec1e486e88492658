namespace VptDsl;

/// <summary>
/// DINOv2 (Oquab et al., 2023) as the backbone: patches of 14 pixels, layer scale, class token; the giant has gated MLPs.
/// </summary>
/// <remarks>
/// With <see cref="VisionTransformerAttribute.Registers"/> stated (4 in the published weights, Darcet et al., 2024) patches alone have
/// positions. The weights were trained on images of 518 pixels; <see cref="VisionTransformerAttribute.Image"/> is 224 unless stated, and
/// positions are resampled.
/// </remarks>
/// <example>
/// <code>
/// [DinoV2(DinoV2Size.Base)]                                 // facebook/dinov2-base
/// [DinoV2(DinoV2Size.Base, Registers = 4)]                  // facebook/dinov2-with-registers-base
/// </code>
/// </example>
public sealed class DinoV2Attribute : VisionTransformerAttribute
{
    /// <summary>A backbone of the family.</summary>
    /// <param name="size">Which; it sets every argument that is not stated.</param>
    public DinoV2Attribute(DinoV2Size size)
    {
        (Width, Layers, Heads) = size switch
        {
            DinoV2Size.Small => (384, 12, 6),
            DinoV2Size.Base => (768, 12, 12),
            DinoV2Size.Large => (1024, 24, 16),
            DinoV2Size.Giant => (1536, 40, 24),
            _ => throw new ArgumentOutOfRangeException(nameof(size), size, "Use one of the named sizes, for instance DinoV2Size.Base."),
        };
        Patch = 14;
        LayerScale = true;
        if (size == DinoV2Size.Giant)
            (MlpForm, Mlp) = (MlpForm.Gated, 4096);
    }

    /// <inheritdoc/>
    internal override PositionEmbedding UsualPositions(int registers) =>
        registers > 0 ? PositionEmbedding.LearnedOnPatches : PositionEmbedding.Learned;
}

/// <summary>The sizes of DINOv2.</summary>
public enum DinoV2Size
{
    /// <summary>Width 384, 12 layers, 6 heads.</summary>
    Small,

    /// <summary>Width 768, 12 layers, 12 heads.</summary>
    Base,

    /// <summary>Width 1024, 24 layers, 16 heads.</summary>
    Large,

    /// <summary>Width 1536, 40 layers, 24 heads, gated MLPs of width 4096.</summary>
    Giant,
}
