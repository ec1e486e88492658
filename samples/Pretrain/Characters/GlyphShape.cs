using System.Numerics;
using Pretrain.Fonts;
using SkiaSharp;

namespace Pretrain.Characters;

/// <summary>What a glyph looks like whatever its size and place, to compare it with others of its font.</summary>
internal sealed class GlyphShape
{
    private const int Side = 16, Margin = 1;

    private readonly float[] _pixels;

    private GlyphShape(float[] pixels) => _pixels = pixels;

    /// <summary>The shape of an outline.</summary>
    public static GlyphShape? Of(FontFace face, int character)
    {
        using SKPath? outline = face.Outline(character);
        if (outline is null)
            return null;
        SKRect bounds = outline.TightBounds;
        float scale = (Side - (2 * Margin)) / Math.Max(bounds.Width, bounds.Height);
        using var bitmap = new SKBitmap(new SKImageInfo(Side, Side, SKColorType.Alpha8));
        using var canvas = new SKCanvas(bitmap);
        canvas.Clear(SKColors.Transparent);
        canvas.Translate(Side / 2f, Side / 2f);
        canvas.Scale(scale);
        canvas.Translate(-bounds.MidX, -bounds.MidY);
        using var paint = new SKPaint { IsAntialias = true };
        canvas.DrawPath(outline, paint);
        return new GlyphShape(Normalise(bitmap));
    }

    /// <summary>How alike two shapes are: the correlation of their pixels, 1 where they are the same.</summary>
    public float Likeness(GlyphShape other)
    {
        Vector<float> sum = Vector<float>.Zero;
        for (int i = 0; i < _pixels.Length; i += Vector<float>.Count)
            sum += new Vector<float>(_pixels, i) * new Vector<float>(other._pixels, i);
        return Vector.Sum(sum);
    }

    private static float[] Normalise(SKBitmap bitmap)
    {
        float[] pixels = new float[Side * Side];
        ReadOnlySpan<byte> coverage = bitmap.GetPixelSpan();
        for (int y = 0; y < Side; y++)
        {
            for (int x = 0; x < Side; x++)
                pixels[(y * Side) + x] = coverage[(y * bitmap.RowBytes) + x];
        }

        float mean = pixels.Average();
        float length = MathF.Sqrt(pixels.Sum(pixel => (pixel - mean) * (pixel - mean)));
        return Array.ConvertAll(pixels, pixel => length > 0 ? (pixel - mean) / length : 0);
    }
}
