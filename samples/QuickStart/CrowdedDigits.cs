using VptDsl.Data;

namespace QuickStart;

/// <summary>Draws handwritten digits as house numbers show them: in any grey on textures, between parts of other digits.</summary>
/// <remarks>
/// The middle one counts, as in SVHN, one of VTAB's natural tasks. Digits alone on black are nearly solved by a linear head on a backbone
/// that knows characters.
/// </remarks>
internal static class CrowdedDigits
{
    private const int Side = 28, Nearest = 13, Farthest = 17, Highest = 3;
    private const double NeighbourOdds = 0.8;

    /// <summary>Mean and deviation of the images to learn from: what the backbone gets then spreads as in its pre-training.</summary>
    public static Normalization Normalization { get; } = new(mean: 0.513f, deviation: 0.229f);

    /// <summary>Draws the 1,000 images to learn from and the 3,000 to test on, each between others of its own file.</summary>
    /// <param name="folder">The folder that holds the digits.</param>
    /// <param name="normalization">Applied when an image is read.</param>
    public static (ImageSet Labelled, ImageSet Test) Read(string folder, Normalization normalization)
    {
        return (DrawFile("digits-train", seed: 1), DrawFile("digits-test", seed: 2));

        ImageSet DrawFile(string name, int seed) =>
            Draw(IdxPair.Read(folder, name, new Normalization(mean: 0, deviation: 1)), new Random(seed), normalization);
    }

    private static ImageSet Draw(ImageSet digits, Random random, Normalization normalization)
    {
        float[][] inks = [.. Enumerable.Range(0, digits.Count).Select(Ink)];
        byte[] pixels = new byte[inks.Length * Side * Side];
        for (int i = 0; i < inks.Length; i++)
            Draw(pixels.AsSpan(i * Side * Side, Side * Side), inks[i], inks, random);
        int[] labels = [.. Enumerable.Range(0, inks.Length).Select(digits.Label)];
        return ImageSet.FromGrayBytes(Side, Side, pixels, labels, digits.ClassNames, normalization);

        float[] Ink(int index)
        {
            float[] ink = new float[Side * Side];
            digits.CopyImage(index, ink);
            return ink;
        }
    }

    private static void Draw(Span<byte> image, float[] digit, float[][] others, Random random)
    {
        Texture wall = Texture.Draw(random, unlike: null), paint = Texture.Draw(random, wall);
        float[] ink = [.. digit];
        for (int side = -1; side <= 1; side += 2)
        {
            if (random.NextDouble() < NeighbourOdds)
                PutBeside(ink, others[random.Next(others.Length)], side, random);
        }

        for (int i = 0; i < image.Length; i++)
        {
            (int x, int y) = (i % Side, i / Side);
            image[i] = (byte)((ink[i] * paint.At(x, y, random)) + ((1 - ink[i]) * wall.At(x, y, random)));
        }
    }

    /// <summary>Puts what fits in of another digit on the left (-1) or on the right (1).</summary>
    private static void PutBeside(float[] ink, float[] other, int side, Random random)
    {
        int right = side * random.Next(Nearest, Farthest + 1), down = random.Next(-Highest, Highest + 1);
        for (int y = Math.Max(0, down); y < Math.Min(Side, Side + down); y++)
        {
            for (int x = Math.Max(0, right); x < Math.Min(Side, Side + right); x++)
            {
                int at = (y * Side) + x;
                ink[at] = Math.Max(ink[at], other[((y - down) * Side) + x - right]);
            }
        }
    }
}
