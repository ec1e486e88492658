using System.Globalization;
using System.Text;
using VptDsl.Training;

namespace VptDsl.Tool.Reports;

/// <summary>
/// What was taken for what: a table with numbers as long as it can be read, a map of points where there are more classes.
/// </summary>
internal static class ConfusionChart
{
    /// <summary>More columns than these fit no screen.</summary>
    private const int MostInTable = 24;

    // Shares of a class's images from which on a cell is of the next colour.
    private static readonly double[] Levels = [0, 0.05, 0.15, 0.3, 0.5, 0.8];

    /// <summary>Draws a matrix; a row for each actual class.</summary>
    /// <param name="confusion">The matrix.</param>
    /// <param name="names">A name for each class.</param>
    public static Markup Of(ConfusionMatrix confusion, IReadOnlyList<string> names) =>
        names.Count <= MostInTable ? Table(confusion, names) : Map(confusion, names.Count);

    private static Markup Table(ConfusionMatrix confusion, IReadOnlyList<string> names)
    {
        IEnumerable<Markup> columns = names.Select((name, label) =>
            Markup.Of($"<th scope=\"col\" title=\"{Printable.Of(name)}\">{label}</th>"));
        IEnumerable<Markup> rows = names.Select((name, actual) => Markup.Of(
            $"""
            <tr><th scope="row">{Markup.Name(name)} <span class="number">{actual}</span></th>{Cells(confusion, names, actual)}</tr>

            """));
        return Markup.Of(
            $"""
            <div class="wide"><table class="confusion"><thead><tr><th>actual \ taken for</th>{Markup.Join(columns)}</tr></thead>
            <tbody>{Markup.Join(rows)}</tbody></table></div>

            """);
    }

    private static Markup Cells(ConfusionMatrix confusion, IReadOnlyList<string> names, int actual) =>
        Markup.Join(Enumerable.Range(0, names.Count).Select(predicted =>
        {
            long count = confusion[actual, predicted];
            if (count == 0)
                return Markup.Of($"<td></td>");
            string style = Style(actual == predicted, count / (double)confusion.Count(actual));
            string title = $"{Printable.Of(names[actual])} taken for {Printable.Of(names[predicted])}";
            return Markup.Of($"<td class=\"{style}\" title=\"{title}\">{count}</td>");
        }));

    /// <summary>A point for each pair that occurs, mistakes larger than they are where they would not be seen.</summary>
    private static Markup Map(ConfusionMatrix confusion, int classes)
    {
        double least = classes / 200.0;
        var paths = new SortedDictionary<string, StringBuilder>(StringComparer.Ordinal);
        foreach (ConfusedPair pair in confusion.Counted()
            .Where(pair => pair.Actual < classes && pair.Predicted < classes)
            .OrderBy(pair => pair.Actual).ThenBy(pair => pair.Predicted))
        {
            string style = Style(pair.Actual == pair.Predicted, pair.Count / (double)confusion.Count(pair.Actual));
            double side = Math.Max(1, least), shift = (side - 1) / 2;
            if (!paths.TryGetValue(style, out StringBuilder? path))
                paths[style] = path = new StringBuilder();
            path.Append(string.Create(
                CultureInfo.InvariantCulture,
                $"M{pair.Predicted - shift:0.##} {pair.Actual - shift:0.##}h{side:0.##}v{side:0.##}h-{side:0.##}z"));
        }

        int stride = Stride(classes);
        double text = classes / 60.0;
        IEnumerable<Markup> ticks = Enumerable.Range(0, (classes + stride - 1) / stride).Select(i => Markup.Of(
            $"""
            <path d="M{i * stride} 0v{classes}M0 {i * stride}h{classes}"/>
            <text x="{i * stride}" y="{-text / 3:0.##}">{i * stride}</text>
            <text class="row" x="{-text / 3:0.##}" y="{i * stride}" dy="0.35em">{i * stride}</text>

            """));
        string box = string.Create(
            CultureInfo.InvariantCulture,
            $"{-3 * text:0.##} {-2 * text:0.##} {classes + (3.5 * text):0.##} {classes + (2.5 * text):0.##}");
        return Markup.Of(
            $"""
            <figure class="map"><svg viewBox="{box}" role="img" aria-label="confusion of {classes} classes">
            <g class="grid" font-size="{text:0.##}">{Markup.Join(ticks)}</g>
            {Markup.Join(paths.Select(path => Markup.Of($"<path class=\"{path.Key}\" d=\"{path.Value.ToString()}\"/>\n")))}</svg>
            <figcaption>Rows are the classes of images, columns what they were taken for,
            by their numbers in the table of classes.</figcaption></figure>

            """);
    }

    private static string Style(bool isRight, double share) =>
        $"{(isRight ? "right" : "wrong")} l{Levels.Count(level => share >= level).ToString(CultureInfo.InvariantCulture)}";

    private static int Stride(int classes)
    {
        int stride = 1;
        while (classes / stride > 10)
            stride *= stride.ToString(CultureInfo.InvariantCulture)[0] == '2' ? 5 : 2;
        return stride;
    }
}
