using VptDsl.Data;

namespace Pretrain.Rendering;

/// <summary>Bends what was painted as an unsteady hand does, and brings it to an image's size.</summary>
internal static class ElasticBend
{
    /// <summary>Points of a side at which the bend is drawn; between them it is smooth.</summary>
    private const int Knots = 5;

    private const int Painted = GlyphPainter.Side;

    /// <summary>Bends.</summary>
    /// <param name="ink">[painted side, painted side], 0 to 255.</param>
    /// <param name="strength">The deviation of a knot's shift, in pixels of an image.</param>
    /// <param name="image">[side, side], 0 to 1.</param>
    /// <param name="random">What the shifts are drawn from.</param>
    public static void Apply(ReadOnlySpan<byte> ink, float strength, Span<float> image, ref RandomStream random)
    {
        Span<float> right = stackalloc float[Knots * Knots];
        Span<float> down = stackalloc float[Knots * Knots];
        for (int i = 0; i < right.Length; i++)
            (right[i], down[i]) = (2 * strength * random.NextNormal(), 2 * strength * random.NextNormal());

        for (int y = 0; y < Renderer.Side; y++)
        {
            for (int x = 0; x < Renderer.Side; x++)
            {
                (float shiftX, float shiftY) = (Between(right, x, y), Between(down, x, y));
                float sum = 0;
                for (int corner = 0; corner < 4; corner++)
                    sum += Sample(ink, (2 * x) + (corner & 1) + shiftX, (2 * y) + (corner >> 1) + shiftY);
                image[(y * Renderer.Side) + x] = sum * (1 / (4 * 255f));
            }
        }
    }

    /// <summary>The shift at a pixel, between those at the knots around it.</summary>
    private static float Between(ReadOnlySpan<float> knots, int x, int y)
    {
        (int column, float across) = Cell(x);
        (int row, float along) = Cell(y);
        int at = (row * Knots) + column;
        float above = knots[at] + (across * (knots[at + 1] - knots[at]));
        float below = knots[at + Knots] + (across * (knots[at + Knots + 1] - knots[at + Knots]));
        return above + (along * (below - above));
    }

    private static (int Cell, float Within) Cell(int pixel)
    {
        float place = pixel * ((Knots - 1f) / Renderer.Side);
        int cell = (int)place;
        float within = place - cell;
        // Without a kink at the knots.
        return (cell, within * within * (3 - (2 * within)));
    }

    private static float Sample(ReadOnlySpan<byte> ink, float x, float y)
    {
        (int left, int top) = ((int)MathF.Floor(x), (int)MathF.Floor(y));
        (float across, float along) = (x - left, y - top);
        float above = At(ink, left, top) + (across * (At(ink, left + 1, top) - At(ink, left, top)));
        float below = At(ink, left, top + 1) + (across * (At(ink, left + 1, top + 1) - At(ink, left, top + 1)));
        return above + (along * (below - above));
    }

    private static float At(ReadOnlySpan<byte> ink, int x, int y) =>
        (uint)x < Painted && (uint)y < Painted ? ink[(y * Painted) + x] : 0;
}
