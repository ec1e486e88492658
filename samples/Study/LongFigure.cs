namespace Study;

/// <summary>A figure with a long axis: anything from a lozenge over an ellipse to a bar.</summary>
/// <param name="X">The middle, in pixels from the left.</param>
/// <param name="Y">The middle, in pixels from the top.</param>
/// <param name="Length">From the middle to either end, in pixels.</param>
/// <param name="Width">From the middle to either side, in pixels.</param>
/// <param name="Angle">Of the long axis, in radians counter-clockwise from the horizontal.</param>
/// <param name="Power">1 a lozenge, 2 an ellipse; the higher, the more of a bar.</param>
internal sealed record LongFigure(double X, double Y, double Length, double Width, double Angle, double Power)
{
    private const int Samples = 4;

    /// <summary>How much of a pixel the figure covers, from 0 to 1.</summary>
    public double Coverage(int x, int y)
    {
        (double sin, double cos) = Math.SinCos(Angle);
        int covered = 0;
        for (int i = 0; i < Samples * Samples; i++)
        {
            double dx = x + (((i % Samples) + 0.5) / Samples) - X, dy = y + (((i / Samples) + 0.5) / Samples) - Y;
            double along = Math.Abs((cos * dx) - (sin * dy)) / Length, across = Math.Abs((sin * dx) + (cos * dy)) / Width;
            if (Math.Pow(along, Power) + Math.Pow(across, Power) <= 1)
                covered++;
        }

        return (double)covered / (Samples * Samples);
    }
}
