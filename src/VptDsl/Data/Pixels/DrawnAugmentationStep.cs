namespace VptDsl.Data.Pixels;

/// <summary>Draws changes of colour and geometry from a space.</summary>
internal abstract record DrawnAugmentationStep : PixelStep
{
    public override IReadOnlyList<PixelStep> WithoutChance => [];

    public override bool FitsLabelMaps => false;

    public override (int Width, int Height)? SizeAfter((int Width, int Height)? before) => before;

    /// <summary>Makes one change.</summary>
    /// <param name="image">The image, which is disposed of unless it comes back.</param>
    /// <param name="space">How strong changes may be.</param>
    /// <param name="magnitude">The change's strength, of <paramref name="bins"/>; null to draw it.</param>
    /// <param name="bins">The number of strengths.</param>
    /// <param name="random">Where every choice comes from.</param>
    protected static PixelImage ApplyOne(PixelImage image, AugmentationSpace space, int? magnitude, int bins, ref RandomStream random)
    {
        var kind = (AugmentationKind)random.NextInt(AugmentationSpace.Kinds);
        int bin = magnitude ?? random.NextInt(bins);
        float strength = space.Magnitude(kind, bin, bins, image.Width, image.Height);
        if (AugmentationSpace.IsSigned(kind) && random.NextInt(2) == 1)
            strength = -strength;
        return Augmentations.Apply(image, kind, strength);
    }

    /// <summary>A number of strengths that there can be.</summary>
    protected static int CheckBins(int bins) => bins >= 2
        ? bins
        : throw new ArgumentOutOfRangeException(nameof(bins), bins, "There are at least 2 strengths (bins).");
}

/// <summary>RandAugment: several changes of one strength.</summary>
internal sealed record RandAugmentStep(int Operations, int Magnitude, int Bins) : DrawnAugmentationStep
{
    private const int MostOperations = 100;

    public int Operations { get; } = Operations is >= 0 and <= MostOperations
        ? Operations
        : throw new ArgumentOutOfRangeException(nameof(Operations), Operations, $"RandAugment makes 0 to {MostOperations} changes.");

    public int Bins { get; } = CheckBins(Bins);

    public int Magnitude { get; } = Magnitude >= 0 && Magnitude < Bins
        ? Magnitude
        : throw new ArgumentOutOfRangeException(nameof(Magnitude), Magnitude, $"Of {Bins} strengths (bins), one is 0 to {Bins - 1}.");

    public override PixelImage Apply(PixelImage image, ref RandomStream random)
    {
        PixelImage current = image;
        for (int i = 0; i < Operations; i++)
        {
            PixelImage next = ApplyOne(current, AugmentationSpace.Rand, Magnitude, Bins, ref random);
            if (next != current && current != image)
                current.Dispose();
            current = next;
        }

        return current;
    }

    public override string ToString() => FormattableString.Invariant($"rand-augment {Operations} {Magnitude} of {Bins}");
}

/// <summary>TrivialAugment, wide: one change of any strength.</summary>
internal sealed record TrivialAugmentWideStep(int Bins) : DrawnAugmentationStep
{
    public int Bins { get; } = CheckBins(Bins);

    public override PixelImage Apply(PixelImage image, ref RandomStream random) =>
        ApplyOne(image, AugmentationSpace.TrivialWide, magnitude: null, Bins, ref random);

    public override string ToString() => FormattableString.Invariant($"trivial-augment-wide of {Bins}");
}
