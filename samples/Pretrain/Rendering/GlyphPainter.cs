using SkiaSharp;
using VptDsl.Data;

namespace Pretrain.Rendering;

/// <summary>Paints an outline at twice an image's size: turned, sheared, stretched, shifted, with a pen of one width or another.</summary>
/// <remarks>Reuses its bitmap; for one thread at a time.</remarks>
internal sealed class GlyphPainter
{
    /// <summary>The side of what is painted: twice an image's, so that bending it loses nothing.</summary>
    public const int Side = 2 * Renderer.Side;

    private const float Turn = 15, Shear = 0.25f, Stretch = 0.15f, Shift = 1.5f;

    // The longer side of a character, in pixels of an image; handwritten digits are usually centred at 20.
    private const float SmallestSize = 15, LargestSize = 23;

    // A wide pen would fill the counters of a dense character.
    private const float WidestPen = 1.8f, InkForWidestPen = 0.25f;

    private readonly SKBitmap _bitmap = new(new SKImageInfo(Side, Side, SKColorType.Alpha8));
    private readonly SKCanvas _canvas;

    public GlyphPainter() => _canvas = new SKCanvas(_bitmap);

    /// <summary>Paints an outline.</summary>
    /// <returns>How much of each pixel is ink, [side, side], 0 to 255; until the next call.</returns>
    public ReadOnlySpan<byte> Paint(SKPath outline, ref RandomStream random)
    {
        using SKPath path = Place(outline, ref random);
        _canvas.Clear(SKColors.Transparent);
        using var paint = new SKPaint { IsAntialias = true };
        _canvas.DrawPath(path, paint);
        if (random.Happens(0.6f))
        {
            paint.Style = SKPaintStyle.Stroke;
            paint.StrokeJoin = SKStrokeJoin.Round;
            paint.StrokeWidth = 2 * random.NextFloat() * WidestPen * Math.Max(0, 1 - (Ink() / InkForWidestPen));
            _canvas.DrawPath(path, paint);
        }

        return _bitmap.GetPixelSpan();
    }

    private static SKPath Place(SKPath outline, ref RandomStream random)
    {
        SKRect bounds = outline.TightBounds;
        float scale = 2 * random.Between(SmallestSize, LargestSize) / Math.Max(bounds.Width, bounds.Height);
        float stretch = 1 + random.Between(-Stretch, Stretch);
        SKMatrix matrix = SKMatrix.CreateTranslation(-bounds.MidX, -bounds.MidY)
            .PostConcat(SKMatrix.CreateScale(scale * stretch, scale / stretch))
            .PostConcat(SKMatrix.CreateSkew(random.Between(-Shear, Shear), 0))
            .PostConcat(SKMatrix.CreateRotationDegrees(random.Between(-Turn, Turn)))
            .PostConcat(SKMatrix.CreateTranslation(Middle(ref random), Middle(ref random)));
        var path = new SKPath();
        outline.Transform(in matrix, path);
        return path;
    }

    private static float Middle(ref RandomStream random) => (Side / 2f) + (2 * random.Between(-Shift, Shift));

    private float Ink()
    {
        int sum = 0;
        foreach (byte pixel in _bitmap.GetPixelSpan())
            sum += pixel;
        return sum / (255f * Side * Side);
    }
}
