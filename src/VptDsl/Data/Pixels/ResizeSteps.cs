namespace VptDsl.Data.Pixels;

/// <summary>
/// Brings the shorter side to a size and keeps the proportions, the longer side cut to whole pixels, as torchvision does.
/// </summary>
internal sealed record ResizeShortSideStep(int Size, Interpolation Interpolation) : PixelStep
{
    public int Size { get; } = CheckSize(Size, nameof(Size));

    public override (int Width, int Height)? SizeAfter((int Width, int Height)? before) =>
        before is { } size ? Scaled(size.Width, size.Height) : null;

    public override PixelImage Apply(PixelImage image, ref RandomStream random)
    {
        (int width, int height) = Scaled(image.Width, image.Height);
        return Resampler.Resize(image, width, height, Interpolation);
    }

    public override PixelImage ApplyToLabels(PixelImage map, ref RandomStream random)
    {
        (int width, int height) = Scaled(map.Width, map.Height);
        return NearestLabels.Resize(map, width, height);
    }

    public override string ToString() => $"resize-short-side {Size} {NameOf(Interpolation)}";

    private (int Width, int Height) Scaled(int width, int height)
    {
        int longer = (int)Math.Min(int.MaxValue, (double)((long)Size * Math.Max(width, height)) / Math.Min(width, height));
        return width <= height ? (Size, longer) : (longer, Size);
    }
}

/// <summary>Brings an image to a size, whatever its proportions.</summary>
internal sealed record ResizeStep(PlaneSize Size, Interpolation Interpolation) : PixelStep
{
    public PlaneSize Size { get; } = CheckSize(Size, nameof(Size));

    public override (int Width, int Height)? SizeAfter((int Width, int Height)? before) => (Size.Width, Size.Height);

    public override PixelImage Apply(PixelImage image, ref RandomStream random) =>
        Resampler.Resize(image, Size.Width, Size.Height, Interpolation);

    public override PixelImage ApplyToLabels(PixelImage map, ref RandomStream random) =>
        NearestLabels.Resize(map, Size.Width, Size.Height);

    public override string ToString() => $"resize {Size} {NameOf(Interpolation)}";
}
