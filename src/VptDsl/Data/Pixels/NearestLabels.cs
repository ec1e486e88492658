namespace VptDsl.Data.Pixels;

/// <summary>Brings label maps to another size: each pixel takes the label of the nearest, for labels have no means.</summary>
internal static class NearestLabels
{
    /// <summary>A map of another size; the same where it has that size.</summary>
    public static LabelMap Resize(LabelMap map, int height, int width)
    {
        if (map.Height == height && map.Width == width)
            return map;
        int[] labels = new int[height * width];
        for (int i = 0; i < labels.Length; i++)
            labels[i] = map[Source(i / width, height, map.Height), Source(i % width, width, map.Width)];
        return new LabelMap(height, width, labels);
    }

    /// <summary>A resized copy of a map that is kept as an image.</summary>
    public static PixelImage Resize(PixelImage map, int width, int height)
    {
        map.RequireResizable(width, height, needed: (width, height));
        var result = new PixelImage(width, height);
        for (int y = 0; y < height; y++)
        {
            ReadOnlySpan<byte> from = map.Row(Source(y, height, map.Height));
            Span<byte> to = result.Row(y);
            for (int x = 0; x < width; x++)
            {
                from.Slice(Source(x, width, map.Width) * PixelImage.PixelBytes, PixelImage.PixelBytes)
                    .CopyTo(to[(x * PixelImage.PixelBytes)..]);
            }
        }

        return result;
    }

    /// <summary>The place whose middle is nearest to that of a place of the result.</summary>
    public static int Source(int place, int size, int sourceSize) => (int)(((2L * place) + 1) * sourceSize / (2L * size));
}
