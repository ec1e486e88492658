namespace VptDsl.Data.Pixels;

/// <summary>Cuts a size out.</summary>
internal abstract record CropStep(PlaneSize Size) : PixelStep
{
    public PlaneSize Size { get; } = CheckSize(Size, nameof(Size));

    public override (int Width, int Height)? SizeAfter((int Width, int Height)? before) => (Size.Width, Size.Height);

    public override PixelImage Apply(PixelImage image, ref RandomStream random)
    {
        (int spareWidth, int spareHeight) = (image.Width - Size.Width, image.Height - Size.Height);
        if (spareWidth < 0 || spareHeight < 0)
        {
            throw new InvalidDataException(
                Size.IsSquare
                    ? $"a square of {Size} pixels cannot be cut out of {image.Width}×{image.Height}; put a resize before the crop"
                    : $"{Size.Width}×{Size.Height} pixels cannot be cut out of {image.Width}×{image.Height}; put a resize before the crop");
        }

        (int left, int top) = Place(spareWidth, spareHeight, ref random);
        return image.Crop(left, top, Size.Width, Size.Height);
    }

    /// <summary>Chooses how much of the spare pixels lie to the left and above.</summary>
    protected abstract (int Left, int Top) Place(int spareWidth, int spareHeight, ref RandomStream random);
}

/// <summary>Cuts out of the middle; half a pixel goes to the even side, as torchvision rounds.</summary>
internal sealed record CenterCropStep(PlaneSize Size) : CropStep(Size)
{
    public override string ToString() => $"center-crop {Size}";

    protected override (int Left, int Top) Place(int spareWidth, int spareHeight, ref RandomStream random) =>
        (Middle(spareWidth), Middle(spareHeight));

    private static int Middle(int spare) => (int)Math.Round(spare / 2.0, MidpointRounding.ToEven);
}

/// <summary>Cuts out anywhere, every place equally likely.</summary>
internal sealed record RandomCropStep(PlaneSize Size) : CropStep(Size)
{
    public override IReadOnlyList<PixelStep> WithoutChance => [new CenterCropStep(Size)];

    public override string ToString() => $"random-crop {Size}";

    protected override (int Left, int Top) Place(int spareWidth, int spareHeight, ref RandomStream random)
    {
        int top = random.NextInt(spareHeight + 1);
        return (random.NextInt(spareWidth + 1), top);
    }
}

/// <summary>Mirrors left to right, now and then.</summary>
internal sealed record RandomFlipStep(float Probability) : PixelStep
{
    public float Probability { get; } = Probability is >= 0 and <= 1
        ? Probability
        : throw new ArgumentOutOfRangeException(nameof(Probability), Probability, "A probability lies between 0 and 1.");

    public override IReadOnlyList<PixelStep> WithoutChance => [];

    public override (int Width, int Height)? SizeAfter((int Width, int Height)? before) => before;

    public override PixelImage Apply(PixelImage image, ref RandomStream random)
    {
        if (random.NextFloat() < Probability)
            image.Flip();
        return image;
    }

    public override string ToString() => $"random-flip {Text(Probability)}";
}
