using System.Collections.Immutable;

namespace Study;

/// <summary>All that the report shows.</summary>
internal sealed record StudyResults
{
    /// <summary>The rows of the table.</summary>
    public required ImmutableArray<Method> Methods { get; init; }

    /// <summary>Accuracy against something.</summary>
    public required ImmutableArray<Curve> Curves { get; init; }

    /// <summary>Features of test images with their labels, for each method that is drawn.</summary>
    public required ImmutableArray<(string Method, (float[] Features, int[] Labels) Images)> Embeddings { get; init; }
}

/// <summary>A row of the table.</summary>
/// <param name="Outcome">What came out.</param>
/// <param name="PeakBytes">The peak memory of a process that trains it.</param>
internal sealed record Method(Outcome Outcome, long PeakBytes);

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
