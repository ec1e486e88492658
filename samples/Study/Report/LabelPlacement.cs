using System.Collections.Immutable;

namespace Study.Report;

/// <summary>A rectangle in a picture, by its middle.</summary>
internal sealed record Box(double X, double Y, double Width, double Height)
{
    /// <summary>Whether the two have more than an edge in common.</summary>
    public bool Overlaps(Box other) =>
        2 * Math.Abs(X - other.X) < Width + other.Width && 2 * Math.Abs(Y - other.Y) < Height + other.Height;

    /// <summary>Whether it lies in an area from the origin to its width and height.</summary>
    public bool LiesIn(double width, double height) =>
        X >= Width / 2 && X <= width - (Width / 2) && Y >= Height / 2 && Y <= height - (Height / 2);
}

/// <summary>Puts labels beside points, so that they cover neither each other nor a point.</summary>
internal static class LabelPlacement
{
    private const double Gap = 3, Step = 4;
    private const int Steps = 30;

    private static readonly ImmutableArray<(int X, int Y)> Directions =
        [(1, 0), (-1, 0), (0, -1), (0, 1), (1, -1), (-1, -1), (1, 1), (-1, 1)];

    /// <summary>Places labels one after another: each where it is nearest to its point.</summary>
    /// <param name="points">What must be seen of the points.</param>
    /// <param name="sizes">Widths and heights of their labels.</param>
    /// <param name="width">That of the area.</param>
    /// <param name="height">That of the area.</param>
    /// <exception cref="ArgumentException">The area is too small for the labels.</exception>
    public static ImmutableArray<Box> Place(
        IReadOnlyList<Box> points, IReadOnlyList<(double Width, double Height)> sizes, double width, double height)
    {
        var placed = new List<Box>();
        for (int i = 0; i < points.Count; i++)
        {
            placed.Add(
                Candidates(points[i], sizes[i].Width, sizes[i].Height)
                    .FirstOrDefault(label => label.LiesIn(width, height) && !points.Concat(placed).Any(label.Overlaps))
                        ?? throw new ArgumentException($"There is no place for label {i} in {width} x {height}.", nameof(sizes)));
        }

        return [.. placed];
    }

    private static IEnumerable<Box> Candidates(Box point, double width, double height) =>
        from step in Enumerable.Range(0, Steps)
        from direction in Directions
        let distance = Gap + (step * Step)
        select new Box(
            point.X + (direction.X * (((point.Width + width) / 2) + distance)),
            point.Y + (direction.Y * (((point.Height + height) / 2) + distance)),
            width,
            height);
}
