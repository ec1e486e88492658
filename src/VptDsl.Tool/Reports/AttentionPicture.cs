using VptDsl.Data;
using VptDsl.Data.Pixels;

namespace VptDsl.Tool.Reports;

/// <summary>Draws how much each patch counts over the image as the model gets it.</summary>
internal static class AttentionPicture
{
    private const double Cover = 0.8;

    private static readonly byte[] Colour = [255, 120, 20];

    /// <summary>The image as the model gets it, large enough to be seen.</summary>
    /// <param name="pixels">[channels, height, width], normalised.</param>
    /// <param name="size">Rows and columns of pixels.</param>
    /// <param name="normalization">How they were normalised.</param>
    public static PixelImage Plain(ReadOnlySpan<float> pixels, PlaneSize size, Normalization normalization)
    {
        int factor = Math.Max(1, Thumbnail.Longest / Math.Max(size.Height, size.Width));
        var image = new PixelImage(size.Width * factor, size.Height * factor);
        for (int y = 0; y < image.Height; y++)
        {
            Span<byte> row = image.Row(y);
            for (int x = 0; x < image.Width; x++)
            {
                int place = (y / factor * size.Width) + (x / factor);
                for (int colour = 0; colour < Colour.Length; colour++)
                {
                    int channel = normalization.Channels == 1 ? 0 : colour;
                    float pixel = pixels[(channel * size.Height * size.Width) + place];
                    float value = (pixel * normalization.Deviation[channel]) + normalization.Mean[channel];
                    row[(x * PixelImage.PixelBytes) + colour] = (byte)Math.Clamp(MathF.Round(255 * value), 0, 255);
                }
            }
        }

        return image;
    }

    /// <summary>Covers patches with a colour, the most where they count most.</summary>
    /// <param name="plain">The image; it stays as it is.</param>
    /// <param name="grid">Rows and columns of patches.</param>
    /// <param name="weights">[patches].</param>
    public static byte[] Of(PixelImage plain, PlaneSize grid, ReadOnlySpan<float> weights)
    {
        float most = 0;
        foreach (float weight in weights)
            most = Math.Max(most, weight);
        using PixelImage covered = plain.Crop(0, 0, plain.Width, plain.Height);
        covered.MakeGrey();
        for (int y = 0; y < covered.Height; y++)
        {
            Span<byte> row = covered.Row(y);
            for (int x = 0; x < covered.Width; x++)
            {
                int patch = (y * grid.Height / covered.Height * grid.Width) + (x * grid.Width / covered.Width);
                double share = most > 0 ? Cover * weights[patch] / most : 0;
                Span<byte> pixel = row.Slice(x * PixelImage.PixelBytes, Colour.Length);
                for (int colour = 0; colour < Colour.Length; colour++)
                    pixel[colour] = (byte)Math.Round((pixel[colour] * (1 - share)) + (Colour[colour] * share));
            }
        }

        return Thumbnail.Png(covered);
    }
}
