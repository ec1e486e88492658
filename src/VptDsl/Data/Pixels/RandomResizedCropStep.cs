namespace VptDsl.Data.Pixels;

/// <summary>Cuts a part of any place, share and proportions out and brings it to a size.</summary>
internal sealed record RandomResizedCropStep(PlaneSize Size, CropRange Range, Interpolation Interpolation) : PixelStep
{
    private const int LargestSquare = ImagePipeline.MaximumSize / 8 * 7;

    public PlaneSize Size { get; } = CheckSquare(CheckSize(Size, nameof(Size)));

    public Interpolation Interpolation { get; } = Interpolation is Interpolation.Bilinear or Interpolation.Bicubic
        ? Interpolation
        : throw new ArgumentException("A part is brought to its size by bilinear or bicubic interpolation.", nameof(Interpolation));

    /// <remarks>What is usually measured after training with such crops: 256 pixels for 224.</remarks>
    public override IReadOnlyList<PixelStep> WithoutChance => Size.IsSquare
        ? [new ResizeShortSideStep(Size.Height * 8 / 7, Interpolation), new CenterCropStep(Size)]
        : [new ResizeStep(Size, Interpolation)];

    public override (int Width, int Height)? SizeAfter((int Width, int Height)? before) => (Size.Width, Size.Height);

    public override PixelImage Apply(PixelImage image, ref RandomStream random)
    {
        using PixelImage part = Cut(image, ref random);
        return Resampler.Resize(part, Size.Width, Size.Height, Interpolation);
    }

    public override PixelImage ApplyToLabels(PixelImage map, ref RandomStream random)
    {
        using PixelImage part = Cut(map, ref random);
        return NearestLabels.Resize(part, Size.Width, Size.Height);
    }

    public override string ToString() => $"random-resized-crop {Size} {NameOf(Interpolation)} {Range}";

    private PixelImage Cut(PixelImage image, ref RandomStream random)
    {
        (int left, int top, int width, int height) = Range.Draw(image.Width, image.Height, ref random);
        return image.Crop(left, top, width, height);
    }

    private static PlaneSize CheckSquare(PlaneSize size) => !size.IsSquare || size.Height <= LargestSquare
        ? size
        : throw new ArgumentOutOfRangeException(
            nameof(size), size.Height,
            $"A square is at most {LargestSquare} pixels here, so that measuring resizes to at most {ImagePipeline.MaximumSize}.");
}
