namespace VptDsl.Data.Pixels;

/// <summary>Carries out what RandAugment and TrivialAugment draw, to the bit as torchvision does it with Pillow.</summary>
internal static class Augmentations
{
    /// <summary>Changes an image.</summary>
    /// <param name="image">The image; the caller disposes of it, unless it comes back.</param>
    /// <param name="kind">What is done.</param>
    /// <param name="magnitude">
    /// A factor to shear by, pixels to move by (cut to whole ones), degrees, how much more than 1 a factor of colour is, bits that stay, or
    /// the threshold of what is inverted.
    /// </param>
    public static PixelImage Apply(PixelImage image, AugmentationKind kind, float magnitude)
    {
        switch (kind)
        {
            case AugmentationKind.ShearX:
                return AffineNearest.ShearX(image, magnitude);
            case AugmentationKind.ShearY:
                return AffineNearest.ShearY(image, magnitude);
            case AugmentationKind.TranslateX:
                return AffineNearest.Translate(image, (int)magnitude, 0);
            case AugmentationKind.TranslateY:
                return AffineNearest.Translate(image, 0, (int)magnitude);
            case AugmentationKind.Rotate:
                return AffineNearest.Rotate(image, magnitude);
            case AugmentationKind.Brightness:
                ColorChanges.Brightness(image, (float)(1.0 + magnitude));
                break;
            case AugmentationKind.Color:
                ColorChanges.Saturation(image, (float)(1.0 + magnitude));
                break;
            case AugmentationKind.Contrast:
                ColorChanges.Contrast(image, (float)(1.0 + magnitude));
                break;
            case AugmentationKind.Sharpness:
                ColorChanges.Sharpness(image, (float)(1.0 + magnitude));
                break;
            case AugmentationKind.Posterize:
                ColorChanges.Posterize(image, (int)magnitude);
                break;
            case AugmentationKind.Solarize:
                ColorChanges.Solarize(image, magnitude);
                break;
            case AugmentationKind.AutoContrast:
                ColorChanges.AutoContrast(image);
                break;
            case AugmentationKind.Equalize:
                ColorChanges.Equalize(image);
                break;
        }

        return image;
    }
}
