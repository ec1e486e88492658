using System.Collections.Immutable;

namespace Study;

/// <summary>All that the report shows.</summary>
internal sealed record StudyResults
{
    /// <summary>The rows of the main table.</summary>
    public required ImmutableArray<Method> Methods { get; init; }

    /// <summary>Accuracy against something, on the digits.</summary>
    public required ImmutableArray<Curve> Curves { get; init; }

    /// <summary>Features of test images with their labels, for each method that is drawn.</summary>
    public required ImmutableArray<(string Method, (float[] Features, int[] Labels) Images)> Embeddings { get; init; }

    /// <summary>A row, by its method's name.</summary>
    public Method Of(string method) => Methods.Single(m => m.Name == method);
}

/// <summary>A chart of test accuracy.</summary>
/// <param name="Title">What is varied.</param>
/// <param name="Axis">The words at the horizontal axis.</param>
/// <param name="Logarithmic">Whether that axis is.</param>
/// <param name="Series">The lines.</param>
internal sealed record Curve(string Title, string Axis, bool Logarithmic, ImmutableArray<Series> Series);

/// <summary>A line of a chart.</summary>
internal sealed record Series(string Name, ImmutableArray<Point> Points);

/// <summary>A point of a line.</summary>
/// <param name="X">What is varied.</param>
/// <param name="Outcome">What came out with it.</param>
internal sealed record Point(double X, Outcome Outcome);
