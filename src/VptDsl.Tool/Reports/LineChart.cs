using System.Globalization;
using System.Text;

namespace VptDsl.Tool.Reports;

/// <summary>Lines over the steps of a run, as an SVG element whose colours the page's style sheet has.</summary>
internal static class LineChart
{
    /// <summary>Numbers beyond it, of a run that diverges, would leave nothing of the others.</summary>
    private const double Largest = 1e30;

    private const int Width = 480, Height = 280, Left = 58, Right = 12, Top = 12, Bottom = 34, MostPoints = 800;

    /// <summary>Draws lines.</summary>
    /// <param name="title">What they show.</param>
    /// <param name="lines">Each with points in the order of their steps; one that has no two to connect is left out.</param>
    /// <returns>The chart; nothing where no line is left.</returns>
    public static Markup Of(string title, params IReadOnlyList<ChartLine> lines)
    {
        ChartLine[] drawn = [.. lines.Where(line => line.Points.Count(point => IsDrawn(point.Value)) > 1)];
        if (drawn.Length == 0)
            return Markup.Empty;
        double[] values = [.. drawn.SelectMany(line => line.Points).Select(point => point.Value).Where(IsDrawn)];
        (double low, double high, double step) = Ticks(values.Min(), values.Max());
        int last = Math.Max(1, drawn.Max(line => line.Points[^1].Step));
        double X(double at) => Left + (at / last * (Width - Left - Right));
        double Y(double value) => Height - Bottom - ((value - low) / (high - low) * (Height - Top - Bottom));

        IEnumerable<Markup> levels = Enumerable.Range(0, (int)Math.Round((high - low) / step) + 1).Select(i =>
        {
            double value = low + (i * step);
            string y = Coordinate(Y(value));
            return Markup.Of(
                $"""
                <line x1="{Left}" x2="{Width - Right}" y1="{y}" y2="{y}"/>
                <text x="{Left - 6}" y="{y}" dy="4">{Label(value, step)}</text>

                """);
        });
        (double _, double _, double stride) = Ticks(0, last);
        stride = Math.Max(1, stride);
        IEnumerable<Markup> steps = Enumerable.Range(0, (int)(last / stride) + 1).Select(i => Markup.Of(
            $"""<text class="step" x="{Coordinate(X(i * stride))}" y="{Height - Bottom + 18}">{Label(i * stride, stride)}</text>"""));
        IEnumerable<Markup> names = drawn.Select(line => Markup.Of($"<span class=\"{line.Style}\">{line.Name}</span>"));
        return Markup.Of(
            $"""
            <figure class="chart"><figcaption>{title}</figcaption>
            <svg viewBox="0 0 {Width} {Height}" role="img" aria-label="{title}">
            <g class="grid">{Markup.Join(levels)}{Markup.Join(steps)}</g>
            {Markup.Join(drawn.Select(line => Path(line, X, Y)))}
            </svg><p class="legend">{Markup.Join(names)}</p></figure>

            """);
    }

    private static Markup Path(ChartLine line, Func<double, double> x, Func<double, double> y)
    {
        var path = new StringBuilder();
        bool isOpen = false;
        foreach (LoggedPoint point in Thinned(line.Points))
        {
            if (!IsDrawn(point.Value))
            {
                isOpen = false;
                continue;
            }

            path.Append(isOpen ? 'L' : 'M').Append(Coordinate(x(point.Step))).Append(' ').Append(Coordinate(y(point.Value)));
            // A stroke of no length is a dot, where its ends are round.
            if (!isOpen)
                path.Append("h0");
            isOpen = true;
        }

        return Markup.Of($"<path class=\"{line.Style}\" d=\"{path.ToString()}\"/>\n");
    }

    /// <summary>At most so many points as can be told apart, each the mean of its neighbours.</summary>
    private static IEnumerable<LoggedPoint> Thinned(IReadOnlyList<LoggedPoint> points)
    {
        int each = (points.Count + MostPoints - 1) / MostPoints;
        return each <= 1 ? points : points.Chunk(each).Select(some =>
            new LoggedPoint(some[^1].Step, some.Select(point => point.Value).Where(IsDrawn).DefaultIfEmpty(double.NaN).Average()));
    }

    /// <summary>Round numbers around a range, and the distance between two.</summary>
    private static (double Low, double High, double Step) Ticks(double least, double most)
    {
        double range = most - least;
        // Values that are all alike, as far as labels can tell them apart, stand in the middle.
        if (range <= Math.Max(Math.Max(Math.Abs(least), Math.Abs(most)) * 1e-9, 1 / Largest))
        {
            double around = Math.Abs(least) <= 1 / Largest ? 1 : Math.Abs(least);
            (least, most, range) = (least - around, most + around, 2 * around);
        }

        double power = Math.Pow(10, Math.Floor(Math.Log10(range / 5)));
        double step = (range / 5 / power) switch
        {
            <= 1 => power,
            <= 2 => 2 * power,
            <= 5 => 5 * power,
            _ => 10 * power,
        };
        return (Math.Floor(least / step) * step, Math.Ceiling(most / step) * step, step);
    }

    private static string Label(double value, double step)
    {
        if (Math.Abs(value) < step / 1000)
            return "0";
        int decimals = (int)Math.Max(0, -Math.Floor(Math.Log10(step) + 1e-9));
        return Math.Abs(value) >= 1e6 || decimals > 5
            ? value.ToString("0.##e0", CultureInfo.InvariantCulture)
            : value.ToString($"F{decimals}", CultureInfo.InvariantCulture);
    }

    private static bool IsDrawn(double value) => Math.Abs(value) <= Largest;

    private static string Coordinate(double value) => value.ToString("0.#", CultureInfo.InvariantCulture);
}

/// <summary>A line of a chart.</summary>
/// <param name="Name">What the legend calls it.</param>
/// <param name="Style">Its class in the page's style sheet.</param>
/// <param name="Points">In the order of their steps.</param>
internal sealed record ChartLine(string Name, string Style, IReadOnlyList<LoggedPoint> Points);
