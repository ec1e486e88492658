namespace VptDsl.Data.Pixels;

/// <summary>Changes of an image's colours in place, to the bit those of Pillow's <c>ImageEnhance</c> and <c>ImageOps</c>.</summary>
internal static class ColorChanges
{
    private const int Levels = 256, Colors = 3;

    // Pillow's SMOOTH: a pixel counts five times, each of its eight neighbours once.
    private const int CenterWeight = 5, SmoothSum = 13;

    /// <summary>Blends with black.</summary>
    /// <param name="image">The image.</param>
    /// <param name="factor">0 is black, 1 the image; at least 0.</param>
    public static void Brightness(PixelImage image, float factor) => MapAll(image, level => Blend(0, level, factor));

    /// <summary>Blends with the mean grey.</summary>
    public static void Contrast(PixelImage image, float factor)
    {
        ReadOnlySpan<byte> bytes = image.Bytes;
        long sum = 0;
        for (int i = 0; i < bytes.Length; i += PixelImage.PixelBytes)
            sum += PixelImage.GreyOf(bytes[i..]);
        int mean = (int)(((double)sum / (bytes.Length / PixelImage.PixelBytes)) + 0.5);
        MapAll(image, level => Blend(mean, level, factor));
    }

    /// <summary>Blends with the same image in grey.</summary>
    public static void Saturation(PixelImage image, float factor)
    {
        Span<byte> bytes = image.Bytes;
        for (int i = 0; i < bytes.Length; i += PixelImage.PixelBytes)
        {
            byte grey = PixelImage.GreyOf(bytes[i..]);
            for (int channel = 0; channel < Colors; channel++)
                bytes[i + channel] = Blend(grey, bytes[i + channel], factor);
        }
    }

    /// <summary>Blends with the same image smoothed; the border, which has no smoothed pixels, stays.</summary>
    public static void Sharpness(PixelImage image, float factor)
    {
        using PixelImage original = image.Crop(0, 0, image.Width, image.Height);
        for (int y = 1; y < image.Height - 1; y++)
        {
            ReadOnlySpan<byte> above = original.Row(y - 1), row = original.Row(y), below = original.Row(y + 1);
            Span<byte> output = image.Row(y);
            for (int i = PixelImage.PixelBytes; i < output.Length - PixelImage.PixelBytes; i++)
            {
                int sum = Three(above, i) + Three(row, i) + Three(below, i) + ((CenterWeight - 1) * row[i]);
                int smooth = ((2 * sum) + SmoothSum) / (2 * SmoothSum);
                output[i] = Blend(smooth, row[i], factor);
            }
        }
    }

    /// <summary>Keeps the highest bits of each level.</summary>
    /// <param name="image">The image.</param>
    /// <param name="bits">How many, 0 to 8.</param>
    public static void Posterize(PixelImage image, int bits) => MapAll(image, level => (byte)(level & ~((1 << (8 - bits)) - 1)));

    /// <summary>Inverts levels from a threshold on.</summary>
    public static void Solarize(PixelImage image, float threshold) =>
        MapAll(image, level => (byte)(level < threshold ? level : Levels - 1 - level));

    /// <summary>Spreads each channel's levels over the whole range.</summary>
    public static void AutoContrast(PixelImage image) => MapChannels(image, counts =>
    {
        int lowest = Array.FindIndex(counts, count => count > 0), highest = Array.FindLastIndex(counts, count => count > 0);
        if (highest <= lowest)
            return level => (byte)level;
        double scale = 255.0 / (highest - lowest), offset = -lowest * scale;
        return level => (byte)Math.Clamp((int)((level * scale) + offset), 0, Levels - 1);
    });

    /// <summary>Makes each channel's levels equally frequent, as far as levels allow.</summary>
    public static void Equalize(PixelImage image) => MapChannels(image, counts =>
    {
        int last = Array.FindLastIndex(counts, count => count > 0);
        int step = (counts.Sum() - counts[last]) / (Levels - 1);
        if (step == 0)
            return level => (byte)level;
        int[] below = new int[Levels];
        for (int level = 1; level < Levels; level++)
            below[level] = below[level - 1] + counts[level - 1];
        return level => (byte)Math.Min(((step / 2) + below[level]) / step, Levels - 1);
    });

    /// <summary>first + factor · (second − first), cut to whole levels as Pillow's blend cuts.</summary>
    private static byte Blend(int first, int second, float factor)
    {
        float level = first + (factor * (second - first));
        return level <= 0 ? (byte)0 : level >= Levels - 1 ? (byte)(Levels - 1) : (byte)level;
    }

    private static int Three(ReadOnlySpan<byte> row, int i) => row[i - PixelImage.PixelBytes] + row[i] + row[i + PixelImage.PixelBytes];

    private static void MapAll(PixelImage image, Func<int, byte> map)
    {
        byte[] table = [.. Enumerable.Range(0, Levels).Select(map)];
        Span<byte> bytes = image.Bytes;
        for (int i = 0; i < bytes.Length; i++)
            bytes[i] = table[bytes[i]];
    }

    private static void MapChannels(PixelImage image, Func<int[], Func<int, byte>> mapOf)
    {
        Span<byte> bytes = image.Bytes;
        for (int channel = 0; channel < Colors; channel++)
        {
            int[] counts = new int[Levels];
            for (int i = channel; i < bytes.Length; i += PixelImage.PixelBytes)
                counts[bytes[i]]++;
            byte[] table = [.. Enumerable.Range(0, Levels).Select(mapOf(counts))];
            for (int i = channel; i < bytes.Length; i += PixelImage.PixelBytes)
                bytes[i] = table[bytes[i]];
        }
    }
}
