using VptDsl.Data;

namespace Segmentation;

/// <summary>Draws scenes: real handwritten digits on drawn textures, with the digit that each pixel belongs to.</summary>
/// <remarks>
/// Brightness gives no class away: every digit is written in the same range of greys, on backgrounds that share a part of it. What a pixel
/// belongs to can only be told from the shape around it.
/// </remarks>
/// <param name="digits">Digits of 28 × 28 pixels.</param>
/// <param name="normalization">That of the digits, which is undone.</param>
internal sealed class SceneRenderer(IImageSource digits, Normalization normalization)
{
    /// <summary>Height and width of a scene.</summary>
    public const int Side = 48;

    /// <summary>The background and ten digits.</summary>
    public const int Classes = 11;

    /// <summary>The label of a stroke's blurred edge, which is neither digit nor background.</summary>
    public const byte Edge = 255;

    // Digits are centred, with a margin of 4 pixels.
    private const int DigitSide = 28, Margin = 4, BoxSide = DigitSide - (2 * Margin), MostDigits = 3;
    private const float Ink = 0.5f, Paper = 0.1f;

    public static IReadOnlyList<string> ClassNames { get; } = ["background", .. Enumerable.Range(0, 10).Select(d => $"{d}")];

    /// <summary>Draws scenes.</summary>
    /// <param name="count">How many.</param>
    /// <param name="seed">The same seed gives the same scenes.</param>
    public SegmentationSet Draw(int count, int seed)
    {
        var random = new Random(seed);
        byte[] pixels = new byte[count * Side * Side], labels = new byte[pixels.Length];
        for (int i = 0; i < count; i++)
        {
            Span<byte> scene = pixels.AsSpan(i * Side * Side, Side * Side), map = labels.AsSpan(i * Side * Side, Side * Side);
            Texture.Fill(scene, Side, random);
            foreach ((int x, int y) in Places(random))
                Write(random.Next(digits.Count), scene, map, x, y, random);
        }

        return SegmentationSet.FromBytes(new ImageShape(1, Side, Side), pixels, labels, ClassNames, normalization);
    }

    /// <summary>Upper left corners of one to three boxes that do not overlap.</summary>
    private static List<(int X, int Y)> Places(Random random)
    {
        int wanted = random.Next(1, MostDigits + 1);
        var places = new List<(int X, int Y)>();
        for (int attempt = 0; attempt < 100 && places.Count < wanted; attempt++)
        {
            (int X, int Y) place = (random.Next(Side - BoxSide + 1), random.Next(Side - BoxSide + 1));
            if (places.TrueForAll(p => Math.Abs(p.X - place.X) >= BoxSide || Math.Abs(p.Y - place.Y) >= BoxSide))
                places.Add(place);
        }

        return places;
    }

    private void Write(int digit, Span<byte> scene, Span<byte> map, int left, int top, Random random)
    {
        Span<float> strokes = stackalloc float[DigitSide * DigitSide];
        digits.CopyImage(digit, strokes);
        float brightness = random.Next(170, 256);
        for (int y = 0; y < BoxSide; y++)
        {
            for (int x = 0; x < BoxSide; x++)
            {
                int at = ((top + y) * Side) + left + x;
                float ink = (strokes[((y + Margin) * DigitSide) + x + Margin] * normalization.Deviation[0]) + normalization.Mean[0];
                scene[at] = (byte)((scene[at] * (1 - ink)) + (brightness * ink));
                map[at] = ink >= Ink ? (byte)(digits.Label(digit) + 1) : ink >= Paper ? Edge : map[at];
            }
        }
    }
}
