namespace VptDsl.Data.Pixels;

/// <summary>How strong each change of RandAugment or TrivialAugment may be.</summary>
/// <param name="Shear">The largest factor.</param>
/// <param name="TranslateX">The largest shift in pixels, for an image of a width.</param>
/// <param name="TranslateY">The largest shift in pixels, for an image of a height.</param>
/// <param name="Degrees">The largest turn.</param>
/// <param name="Color">The most by which a factor of colour differs from 1.</param>
/// <param name="PosterizedBits">The most bits that go.</param>
internal sealed record AugmentationSpace(
    float Shear, Func<int, double> TranslateX, Func<int, double> TranslateY, float Degrees, float Color, int PosterizedBits)
{
    /// <summary>RandAugment's: the paper's shift is 150 pixels of 331.</summary>
    public static AugmentationSpace Rand { get; } = new(0.3f, Share, Share, 30, 0.9f, 4);

    /// <summary>TrivialAugment's wide one.</summary>
    public static AugmentationSpace TrivialWide { get; } = new(0.99f, _ => 32, _ => 32, 135, 0.99f, 6);

    /// <summary>The number of kinds, each equally likely.</summary>
    public static int Kinds { get; } = Enum.GetValues<AugmentationKind>().Length;

    /// <summary>A kind's strength, without its sign.</summary>
    /// <param name="kind">The kind.</param>
    /// <param name="bin">In [0, <paramref name="bins"/>).</param>
    /// <param name="bins">The number of strengths, at least 2.</param>
    /// <param name="width">The image's width in pixels.</param>
    /// <param name="height">The image's height in pixels.</param>
    public float Magnitude(AugmentationKind kind, int bin, int bins, int width, int height) => kind switch
    {
        AugmentationKind.ShearX or AugmentationKind.ShearY => Linear(0, Shear, bin, bins),
        AugmentationKind.TranslateX => Linear(0, (float)TranslateX(width), bin, bins),
        AugmentationKind.TranslateY => Linear(0, (float)TranslateY(height), bin, bins),
        AugmentationKind.Rotate => Linear(0, Degrees, bin, bins),
        AugmentationKind.Brightness or AugmentationKind.Color or AugmentationKind.Contrast or AugmentationKind.Sharpness =>
            Linear(0, Color, bin, bins),
        AugmentationKind.Posterize => 8 - MathF.Round(bin / (float)((bins - 1) / (double)PosterizedBits)),
        AugmentationKind.Solarize => Linear(255, 0, bin, bins),
        _ => 0,
    };

    /// <summary>Whether a kind has two directions, equally likely.</summary>
    public static bool IsSigned(AugmentationKind kind) => kind is >= AugmentationKind.ShearX and <= AugmentationKind.Sharpness;

    private static double Share(int side) => 150.0 / 331.0 * side;

    /// <summary>A point of a line in single precision, counted from the nearer end: PyTorch's <c>linspace</c>.</summary>
    private static float Linear(float first, float last, int bin, int bins)
    {
        float step = (last - first) / (bins - 1);
        return bin < bins / 2 ? first + (step * bin) : last - (step * (bins - 1 - bin));
    }
}
