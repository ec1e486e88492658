using SkiaSharp;
using VptDsl.Data;
using VptDsl.Data.Pixels;

namespace VptDsl.Tool.Reports;

/// <summary>A small picture that a page has in itself.</summary>
internal static class Thumbnail
{
    /// <summary>The longest side of one, in pixels.</summary>
    public const int Longest = 160;

    private const int Quality = 85;

    /// <summary>The address that an image of a page takes: the picture itself.</summary>
    /// <param name="image">An image of any size; a small one keeps its pixels.</param>
    public static string AddressOf(PixelImage image)
    {
        double scale = Math.Min(1, Longest / (double)Math.Max(image.Width, image.Height));
        if (scale == 1)
            return AddressOf(Png(image), "image/png");
        using PixelImage small = Resampler.Resize(
            image, Side(image.Width * scale), Side(image.Height * scale), Interpolation.Bilinear);
        return AddressOf(Encode(small, SKEncodedImageFormat.Jpeg), "image/jpeg");
    }

    /// <summary>The address of a PNG file's bytes.</summary>
    public static string AddressOf(byte[] png) => AddressOf(png, "image/png");

    /// <summary>An image as a PNG file.</summary>
    public static byte[] Png(PixelImage image) => Encode(image, SKEncodedImageFormat.Png);

    private static int Side(double pixels) => Math.Max(1, (int)Math.Round(pixels));

    private static string AddressOf(byte[] file, string type) => $"data:{type};base64,{Convert.ToBase64String(file)}";

    private static byte[] Encode(PixelImage image, SKEncodedImageFormat format)
    {
        using var bitmap = new SKBitmap(new SKImageInfo(image.Width, image.Height, SKColorType.Rgba8888, SKAlphaType.Opaque));
        image.Bytes.CopyTo(bitmap.GetPixelSpan());
        using SKData data = bitmap.Encode(format, Quality);
        return data.ToArray();
    }
}
