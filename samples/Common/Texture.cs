namespace Samples;

/// <summary>What a shape or a background is filled with: waves, checks, clouds or nothing but grain, in greys.</summary>
/// <param name="Middle">The mean grey, 0 dark to 255 bright.</param>
/// <param name="Contrast">How far the pattern goes from it.</param>
/// <param name="Grain">How far chance goes from it, at each pixel.</param>
/// <param name="Pattern">A function of x and y with values from -1 to 1.</param>
internal sealed record Texture(double Middle, double Contrast, double Grain, Func<int, int, double> Pattern)
{
    private const int Kinds = 4, Difference = 60;

    /// <summary>The grey of a pixel.</summary>
    public byte At(int x, int y, Random random) =>
        (byte)Math.Clamp(Middle + (Contrast * Pattern(x, y)) + (Grain * ((2 * random.NextDouble()) - 1)), 0, 255);

    /// <summary>Draws a texture by chance.</summary>
    /// <param name="random">Chance.</param>
    /// <param name="unlike">A texture whose mean grey is another.</param>
    public static Texture Draw(Random random, Texture? unlike)
    {
        double middle;
        do
            middle = 30 + (200 * random.NextDouble());
        while (unlike is not null && Math.Abs(middle - unlike.Middle) < Difference);
        return new(middle, 10 + (30 * random.NextDouble()), 10 * random.NextDouble(), DrawPattern(random));
    }

    private static Func<int, int, double> DrawPattern(Random random)
    {
        double angle = Math.PI * random.NextDouble(), length = 4 + (10 * random.NextDouble()), phase = 2 * Math.PI * random.NextDouble();
        (double dx, double dy) = (2 * Math.PI * Math.Cos(angle) / length, 2 * Math.PI * Math.Sin(angle) / length);
        return random.Next(Kinds) switch
        {
            0 => (x, y) => Math.Sin((dx * x) + (dy * y) + phase),
            1 => (x, y) => Math.Sign(Math.Sin((dx * x) + (dy * y) + phase) * Math.Sin((dy * x) - (dx * y) + phase)),
            2 => (x, y) => 0.5 * (Math.Sin((0.4 * dx * x) + phase) + Math.Sin((0.4 * dy * y) - phase)),
            _ => (_, _) => 0,
        };
    }
}
