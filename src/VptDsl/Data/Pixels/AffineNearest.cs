namespace VptDsl.Data.Pixels;

/// <summary>
/// Moves pixels by an affine map without blending them, in the 16.16 fixed point of Pillow's <c>AFFINE</c> with <c>NEAREST</c>.
/// </summary>
internal static class AffineNearest
{
    private const int FractionBits = 16;

    /// <summary>The image shifted; what comes in is black.</summary>
    public static PixelImage Translate(PixelImage image, int right, int down) => Map(image, 1, 0, -right, 0, 1, -down);

    /// <summary>Rows shifted in proportion to their place: x + factor · y is where a pixel comes from.</summary>
    public static PixelImage ShearX(PixelImage image, double factor) => Map(image, 1, factor, 0, 0, 1, 0);

    /// <summary>Columns shifted in proportion to their place: y + factor · x is where a pixel comes from.</summary>
    public static PixelImage ShearY(PixelImage image, double factor) => Map(image, 1, 0, 0, factor, 1, 0);

    /// <summary>The image turned around its middle.</summary>
    /// <param name="image">The image.</param>
    /// <param name="degrees">Counterclockwise.</param>
    public static PixelImage Rotate(PixelImage image, double degrees)
    {
        const int digits = 15;
        double angle = -(degrees * Math.PI / 180), x = image.Width / 2.0, y = image.Height / 2.0;
        double cos = Math.Round(Math.Cos(angle), digits), sin = Math.Round(Math.Sin(angle), digits);
        return Map(image, cos, sin, (cos * -x) + (sin * -y) + x, -sin, cos, (-sin * -x) + (cos * -y) + y);
    }

    /// <summary>Pixel (x, y) comes from (a·x + b·y + c, d·x + e·y + f), taken at the middles of pixels.</summary>
    private static PixelImage Map(PixelImage image, double a, double b, double c, double d, double e, double f)
    {
        var result = new PixelImage(image.Width, image.Height);
        result.Bytes.Clear();
        long stepX = Fixed(a), stepY = Fixed(d);
        long rowX = Fixed(c + (a * 0.5) + (b * 0.5)), rowY = Fixed(f + (d * 0.5) + (e * 0.5));
        for (int y = 0; y < result.Height; y++, rowX += Fixed(b), rowY += Fixed(e))
        {
            Span<byte> row = result.Row(y);
            (long placeX, long placeY) = (rowX, rowY);
            for (int x = 0; x < result.Width; x++, placeX += stepX, placeY += stepY)
            {
                (long fromX, long fromY) = (placeX >> FractionBits, placeY >> FractionBits);
                if ((ulong)fromX < (ulong)image.Width && (ulong)fromY < (ulong)image.Height)
                {
                    image.Row((int)fromY).Slice((int)fromX * PixelImage.PixelBytes, PixelImage.PixelBytes)
                        .CopyTo(row[(x * PixelImage.PixelBytes)..]);
                }
            }
        }

        return result;
    }

    private static long Fixed(double value) => (long)Math.Floor((value * (1 << FractionBits)) + 0.5);
}
