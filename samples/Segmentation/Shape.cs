namespace Segmentation;

/// <summary>A figure of a scene. Its class is its position in <see cref="Names"/> after the background.</summary>
/// <param name="Kind">Which figure, from 0.</param>
/// <param name="X">The middle, in pixels from the left.</param>
/// <param name="Y">The middle, in pixels from the top.</param>
/// <param name="Radius">From the middle to the outermost points, in pixels.</param>
/// <param name="Angle">By how much it is turned, in radians.</param>
internal sealed record Shape(int Kind, double X, double Y, double Radius, double Angle)
{
    /// <summary>What there is.</summary>
    public static IReadOnlyList<string> Names { get; } = ["disc", "ring", "square", "triangle", "cross"];

    /// <summary>Whether a point lies in the figure.</summary>
    public bool Contains(double x, double y)
    {
        (double sin, double cos) = Math.SinCos(Angle);
        double dx = (x - X) / Radius, dy = (y - Y) / Radius;
        (double u, double v) = ((cos * dx) + (sin * dy), (cos * dy) - (sin * dx));
        double distance = Math.Sqrt((u * u) + (v * v));
        return Names[Kind] switch
        {
            "disc" => distance <= 0.8,
            "ring" => distance is <= 0.95 and >= 0.5,
            "square" => Math.Max(Math.Abs(u), Math.Abs(v)) <= 0.7,
            "triangle" => v <= 0.5 && Math.Abs(u) * Math.Sqrt(3) <= v + 1,
            _ => Math.Min(Math.Abs(u), Math.Abs(v)) <= 0.27 && distance <= 1,
        };
    }
}
