using System.Globalization;
using ScottPlot;

namespace Study.Report;

/// <summary>Draws the report's pictures.</summary>
internal static class Charts
{
    private const int Width = 640, Height = 420;

    /// <summary>Accuracy against something, as PNG.</summary>
    public static byte[] Draw(Curve curve) => Lines(curve.Title, curve.Axis, "test accuracy, %", curve.Series, curve.Logarithmic);

    /// <summary>Training loss by epoch, as PNG.</summary>
    public static byte[] DrawLosses(IEnumerable<Outcome> outcomes) => Lines(
        "Training loss",
        "epoch",
        "cross-entropy",
        outcomes.Select(o => new Series(o.Protocol.Name, [.. o.Report.Finals[0].TrainLosses.Select((loss, epoch) => new Point(epoch + 1, loss))])),
        logarithmic: false);

    /// <summary>Features of test images, each class in a colour, as PNG.</summary>
    public static byte[] DrawEmbeddings(string method, float[] features, int[] labels)
    {
        double[,] places = TSne.Place(features, labels.Length);
        var plot = new Plot();
        foreach (var group in labels.Select((label, i) => (label, i)).GroupBy(p => p.label).OrderBy(g => g.Key))
        {
            var markers = plot.Add.Markers(group.Select(p => places[p.i, 0]).ToArray(), group.Select(p => places[p.i, 1]).ToArray());
            markers.LegendText = group.Key.ToString(CultureInfo.InvariantCulture);
            markers.MarkerSize = 5;
        }

        plot.Title(method);
        plot.Axes.Frameless();
        plot.HideGrid();
        plot.ShowLegend(Edge.Right);
        return plot.GetImageBytes(Height, Height - 60, ImageFormat.Png);
    }

    private static byte[] Lines(string title, string axis, string vertical, IEnumerable<Series> series, bool logarithmic)
    {
        var plot = new Plot();
        var ticks = new HashSet<double>();
        double At(double x) => logarithmic ? Math.Log10(x) : x;
        foreach (Series line in series)
        {
            var scatter = plot.Add.Scatter(line.Points.Select(p => At(p.X)).ToArray(), line.Points.Select(p => p.Y).ToArray());
            scatter.LegendText = line.Name;
            scatter.LineWidth = 2;
            ticks.UnionWith(line.Points.Select(p => p.X));
        }

        plot.Axes.Bottom.SetTicks(ticks.Order().Select(At).ToArray(), ticks.Order().Select(t => t.ToString(CultureInfo.InvariantCulture)).ToArray());
        plot.Title(title);
        plot.XLabel(axis);
        plot.YLabel(vertical);
        plot.ShowLegend(Edge.Right);
        return plot.GetImageBytes(Width, Height, ImageFormat.Png);
    }
}
