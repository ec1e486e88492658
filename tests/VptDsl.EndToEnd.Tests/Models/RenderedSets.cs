using VptDsl.Data;

namespace VptDsl.EndToEnd.Tests.Models;

/// <summary>Small sets of images that are drawn, of which a model can learn something that also holds for images it has not seen.</summary>
internal static class RenderedSets
{
    private static readonly string[] Textures = ["plain", "across", "upright", "slanted", "checked"];

    /// <summary>Textures of any brightness, contrast and phase, with noise: the pattern alone tells the class.</summary>
    /// <param name="shape">That of each image; its channels differ by their noise.</param>
    /// <param name="count">Images.</param>
    /// <param name="classes">At most five.</param>
    /// <param name="seed">The same seed gives the same images.</param>
    /// <param name="period">Pixels from a stripe to the next.</param>
    public static ImageSet DrawTextures(ImageShape shape, int count, int classes, int seed, double period)
    {
        var random = new Random(seed);
        float[] images = new float[count * shape.Floats];
        int[] labels = [.. Enumerable.Range(0, count).Select(i => i % classes)];
        for (int i = 0; i < count; i++)
        {
            double middle = random.NextDouble() - 0.5, contrast = 0.7 + (0.6 * random.NextDouble());
            (double right, double down) = (2 * Math.PI * random.NextDouble(), 2 * Math.PI * random.NextDouble());
            for (int p = 0; p < shape.Floats; p++)
            {
                (int y, int x) = (p % shape.PlaneFloats / shape.Width, p % shape.Width);
                double across = (2 * Math.PI * y / period) + down, upright = (2 * Math.PI * x / period) + right;
                double pattern = Textures[labels[i]] switch
                {
                    "plain" => 0,
                    "across" => Math.Sin(across),
                    "upright" => Math.Sin(upright),
                    "slanted" => Math.Sin(across + upright),
                    _ => Math.Sign(Math.Sin(across) * Math.Sin(upright)),
                };
                images[(i * shape.Floats) + p] = (float)(middle + (contrast * pattern) + (0.4 * (random.NextDouble() - 0.5)));
            }
        }

        return ImageSet.FromFloats(shape, images, labels, Textures[..classes]);
    }

    /// <summary>
    /// Grey images of two parts that meet at a line anywhere, upright or across: each part has the brightness of one of three classes, with
    /// noise that reaches half-way to the next.
    /// </summary>
    /// <param name="side">Height and width.</param>
    /// <param name="count">Images.</param>
    /// <param name="seed">The same seed gives the same images.</param>
    public static SegmentationSet DrawParts(int side, int count, int seed)
    {
        const int classes = 3, distance = 80;
        var random = new Random(seed);
        var shape = new ImageShape(1, side, side);
        byte[] pixels = new byte[count * shape.Floats], maps = new byte[pixels.Length];
        for (int i = 0; i < count; i++)
        {
            int first = random.Next(classes), second = (first + random.Next(1, classes)) % classes,
                line = random.Next(side / 5, side - (side / 5));
            bool isUpright = random.Next(2) == 0;
            for (int p = 0; p < shape.Floats; p++)
            {
                int label = (isUpright ? p % side : p / side) < line ? first : second;
                maps[(i * shape.Floats) + p] = (byte)label;
                pixels[(i * shape.Floats) + p] = (byte)(((label + 0.5) * distance) + (distance * (random.NextDouble() - 0.5)));
            }
        }

        return SegmentationSet.FromBytes(shape, pixels, maps, ["dark", "grey", "bright"], new Normalization(0.5f, 0.25f));
    }
}
