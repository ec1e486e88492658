using VptDsl.Data;

namespace Study;

/// <summary>Draws figures on textures; the class is how far from the left a figure's middle lies, as in dSprites' task of VTAB.</summary>
/// <remarks>Height, size, form, angle, greys and textures are drawn by chance and tell nothing.</remarks>
internal static class PositionRenderer
{
    private const int Side = 28;
    private const double Shortest = 3, Longest = 5, Slimmest = 0.5, Margin = 4;
    private const double Column = (Side - (2 * Margin)) / StudyTask.Classes;

    /// <summary>How far a middle goes from that of its class, in classes: what is nearly another's is not drawn.</summary>
    private const double Spread = 0.3;

    private static readonly string[] ClassNames =
        [.. Enumerable.Range(0, StudyTask.Classes).Select(c => FormattableString.Invariant($"{Middle(c):F0} px"))];

    /// <summary>Draws images with the classes in turn.</summary>
    /// <param name="count">How many.</param>
    /// <param name="seed">The same seed gives the same images.</param>
    /// <param name="normalization">Applied when an image is read.</param>
    public static ImageSet Draw(int count, int seed, Normalization normalization)
    {
        var random = new Random(seed);
        byte[] pixels = new byte[count * Side * Side];
        int[] labels = [.. Enumerable.Range(0, count).Select(i => i % StudyTask.Classes)];
        for (int i = 0; i < count; i++)
            Draw(pixels.AsSpan(i * Side * Side, Side * Side), labels[i], random);
        return ImageSet.FromGrayBytes(Side, Side, pixels, labels, ClassNames, normalization);
    }

    private static void Draw(Span<byte> image, int label, Random random)
    {
        Texture background = Texture.Draw(random, unlike: null), fill = Texture.Draw(random, background);
        LongFigure figure = DrawFigure(label, random);
        for (int i = 0; i < image.Length; i++)
        {
            (int x, int y) = (i % Side, i / Side);
            double coverage = figure.Coverage(x, y);
            image[i] = (byte)((coverage * fill.At(x, y, random)) + ((1 - coverage) * background.At(x, y, random)));
        }
    }

    private static LongFigure DrawFigure(int label, Random random)
    {
        double length = Between(Shortest, Longest);
        return new LongFigure(
            X: Middle(label) + (Column * Between(-Spread, Spread)),
            Y: Between(Longest, Side - Longest),
            length,
            Width: length * Between(Slimmest, 1),
            Angle: Math.PI * random.NextDouble(),
            Power: 1 / Between(0.1, 1));

        double Between(double low, double high) => low + ((high - low) * random.NextDouble());
    }

    private static double Middle(int label) => Margin + (Column * (label + 0.5));
}
