namespace VptDsl.Data.Pixels;

/// <summary>Changes brightness, contrast, saturation and hue in any order.</summary>
internal sealed record ColorJitterStep(float Brightness, float Contrast, float Saturation, float Hue) : PixelStep
{
    private const int Changes = 4;

    public float Brightness { get; } = CheckStrength(Brightness, nameof(Brightness));

    public float Contrast { get; } = CheckStrength(Contrast, nameof(Contrast));

    public float Saturation { get; } = CheckStrength(Saturation, nameof(Saturation));

    public float Hue { get; } = Hue is >= 0 and <= 0.5f
        ? Hue
        : throw new ArgumentOutOfRangeException(nameof(Hue), Hue, "The hue is turned by 0 to 0.5 of the circle.");

    public override IReadOnlyList<PixelStep> WithoutChance => [];

    public override (int Width, int Height)? SizeAfter((int Width, int Height)? before) => before;

    public override PixelImage Apply(PixelImage image, ref RandomStream random)
    {
        foreach ((int change, float value) in Draw(ref random))
            Apply(image, change, value);
        return image;
    }

    public override PixelImage ApplyToLabels(PixelImage map, ref RandomStream random)
    {
        Draw(ref random);
        return map;
    }

    public override string ToString() =>
        $"color-jitter brightness {Text(Brightness)} contrast {Text(Contrast)} saturation {Text(Saturation)} hue {Text(Hue)}";

    private static void Apply(PixelImage image, int change, float value)
    {
        switch (change)
        {
            case 0:
                ColorChanges.Brightness(image, value);
                break;
            case 1:
                ColorChanges.Contrast(image, value);
                break;
            case 2:
                ColorChanges.Saturation(image, value);
                break;
            default:
                HueShift.Apply(image, value);
                break;
        }
    }

    /// <summary>The changes in the order in which they are made, without those of strength 0.</summary>
    private List<(int Change, float Value)> Draw(ref RandomStream random)
    {
        int[] order = [0, 1, 2, 3];
        random.Shuffle<int>(order);
        float[] values = new float[Changes], strengths = [Brightness, Contrast, Saturation, Hue];
        for (int i = 0; i < Changes; i++)
        {
            bool isHue = i == Changes - 1;
            float least = isHue ? -Hue : Math.Max(0, 1 - strengths[i]), most = isHue ? Hue : 1 + strengths[i];
            values[i] = least + ((most - least) * random.NextFloat());
        }

        return [.. order.Where(change => strengths[change] > 0).Select(change => (change, values[change]))];
    }

    private static float CheckStrength(float strength, string name) => strength >= 0 && float.IsFinite(strength)
        ? strength
        : throw new ArgumentOutOfRangeException(name, strength, "A strength is 0 or more.");
}
