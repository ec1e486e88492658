namespace VptDsl.Data;

/// <summary>The pipelines of the paper's code. All normalise as ImageNet unless told otherwise; give the backbone's own numbers.</summary>
public static class Transforms
{
    private const int LargestCropped = ImagePipeline.MaximumSize / 8 * 7;

    /// <summary>
    /// Training on fine-grained sets: short side to 8/7 of the size (256 for 224), a random crop, mirrored half the time.
    /// </summary>
    /// <param name="size">The model's image size in pixels.</param>
    /// <param name="normalization">What the backbone was trained with.</param>
    public static ImagePipeline FgvcTrain(int size = 224, Normalization? normalization = null) =>
        Start(normalization).ResizeShortSide(ShortSide(size)).RandomCrop(size).RandomFlip();

    /// <summary>Measuring on fine-grained sets: short side to 8/7 of the size (256 for 224), then the middle.</summary>
    /// <param name="size">The model's image size in pixels.</param>
    /// <param name="normalization">What the backbone was trained with.</param>
    public static ImagePipeline FgvcTest(int size = 224, Normalization? normalization = null) =>
        Start(normalization).ResizeShortSide(ShortSide(size)).CenterCrop(size);

    /// <summary>Training and measuring on VTAB: straight to the model's size, no augmentation.</summary>
    /// <param name="size">The model's image size in pixels; a square of 224 unless stated.</param>
    /// <param name="normalization">What the backbone was trained with.</param>
    /// <param name="interpolation">
    /// Bilinear unless told otherwise. Most later papers, which use the same lists, take <see cref="Interpolation.Bicubic"/>; the
    /// original code takes <see cref="Interpolation.LegacyBilinear"/>.
    /// </param>
    public static ImagePipeline Vtab(
        PlaneSize? size = null, Normalization? normalization = null, Interpolation interpolation = Interpolation.Bilinear) =>
        Start(normalization).Resize(size ?? 224, interpolation);

    // 256 for 224, 438 for 384, 512 for 448: the three pairs of the paper's code.
    private static int ShortSide(int size) => size is >= 1 and <= LargestCropped
        ? size * 8 / 7
        : throw new ArgumentOutOfRangeException(
            nameof(size), size,
            $"A size is 1 to {LargestCropped} pixels here, so that the short side is at most {ImagePipeline.MaximumSize}.");

    private static ImagePipeline Start(Normalization? normalization) => new(normalization ?? Normalization.ImageNet);
}
