namespace VptDsl.Data;

/// <summary>How an image is brought to another size.</summary>
public enum Interpolation
{
    /// <summary>
    /// A triangle as wide as the reduction, so that no pixel is skipped (antialiasing): Pillow's and torchvision's <c>BILINEAR</c>,
    /// to the bit.
    /// </summary>
    Bilinear,

    /// <summary>
    /// A cubic (a = −0.5) as wide as the reduction: Pillow's and torchvision's <c>BICUBIC</c>, to the bit. Sharper than
    /// <see cref="Bilinear"/>.
    /// </summary>
    Bicubic,

    /// <summary>
    /// The resize of TensorFlow 1: four neighbours at <c>destination · (old / new)</c>, without half-pixel centres, antialiasing or
    /// rounding. It blurs nothing and shifts the image by half a pixel; the paper's VTAB loaders use it. Only as a pipeline's last
    /// step.
    /// </summary>
    LegacyBilinear,
}
