namespace Segmentation;

/// <summary>Backgrounds: waves, checks, blobs or grain, in greys from dark to half bright.</summary>
internal static class Texture
{
    private const int Kinds = 4;

    /// <summary>Fills a square with a texture drawn by chance.</summary>
    public static void Fill(Span<byte> pixels, int side, Random random)
    {
        Func<int, int, double> pattern = Draw(random);
        double middle = 40 + (60 * random.NextDouble()), contrast = 15 + (45 * random.NextDouble()), grain = 10 * random.NextDouble();
        for (int i = 0; i < pixels.Length; i++)
        {
            double grey = middle + (contrast * pattern(i % side, i / side)) + (grain * ((2 * random.NextDouble()) - 1));
            pixels[i] = (byte)Math.Clamp(grey, 0, 255);
        }
    }

    /// <summary>A function of x and y with values from -1 to 1.</summary>
    private static Func<int, int, double> Draw(Random random)
    {
        double angle = Math.PI * random.NextDouble(), length = 4 + (10 * random.NextDouble()), phase = 2 * Math.PI * random.NextDouble();
        (double dx, double dy) = (2 * Math.PI * Math.Cos(angle) / length, 2 * Math.PI * Math.Sin(angle) / length);
        return random.Next(Kinds) switch
        {
            0 => (x, y) => Math.Sin((dx * x) + (dy * y) + phase),
            1 => (x, y) => Math.Sign(Math.Sin((dx * x) + (dy * y) + phase) * Math.Sin((dy * x) - (dx * y) + phase)),
            2 => (x, y) => 0.5 * (Math.Sin((0.7 * dx * x) + phase + (2 * Math.Sin(dy * y))) + Math.Sin((0.6 * dy * y) + (2 * Math.Sin((dx * x) + phase)))),
            _ => (_, _) => (2 * random.NextDouble()) - 1,
        };
    }
}
