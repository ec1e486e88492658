using Pretrain.Fonts;
using SkiaSharp;
using VptDsl.Data;

namespace Pretrain.Rendering;

/// <summary>A grey picture of a character, as handwriting and photographs show it.</summary>
internal static class Renderer
{
    /// <summary>The side of an image in pixels.</summary>
    public const int Side = 28;

    private const float StrongestBend = 0.9f, LeastContrast = 0.4f;

    private static readonly ThreadLocal<GlyphPainter> Painter = new(() => new GlyphPainter());

    /// <summary>Renders a character in one of several typefaces; each family is as likely, however many weights it has.</summary>
    /// <param name="character">The character.</param>
    /// <param name="families">The typefaces that have an outline of it, a list for each family.</param>
    /// <param name="image">[side, side], 0 to 1.</param>
    /// <param name="random">What everything is drawn from.</param>
    public static void Draw(int character, FontFace[][] families, Span<float> image, ref RandomStream random)
    {
        FontFace[] family = families[random.NextInt(families.Length)];
        using SKPath outline = family[random.NextInt(family.Length)].Outline(character)!;
        ReadOnlySpan<byte> ink = Painter.Value!.Paint(outline, ref random);
        Span<float> ground = stackalloc float[image.Length];
        float brightest = Ground.Fill(ground, ref random);
        ElasticBend.Apply(ink, random.Between(0, StrongestBend), image, ref random);
        float bright = random.Between(Math.Min(1, brightest + LeastContrast), 1);
        for (int i = 0; i < image.Length; i++)
            image[i] = ground[i] + (image[i] * (bright - ground[i]));
        Camera.Take(image, ref random);
    }
}
