using System.Globalization;
using ScottPlot;

namespace Study.Report;

/// <summary>Draws the report's pictures.</summary>
internal static class Charts
{
    private const int Width = 640, Height = 420;

    /// <summary>Accuracy against something, as PNG.</summary>
    public static byte[] Draw(Curve curve)
    {
        Plot plot = Lines(curve.Title, curve.Axis, "test accuracy, %", curve.Series, curve.Logarithmic ? Math.Log10 : x => x, y => y);
        return plot.GetImageBytes(Width, Height, ImageFormat.Png);
    }

    /// <summary>Training loss by epoch, as PNG: on a logarithmic scale, since some losses leap while the rate rises.</summary>
    public static byte[] DrawLosses(IEnumerable<Outcome> outcomes)
    {
        Series[] series = [.. outcomes.Select(o => new Series(o.Protocol.Name, [.. o.Report.Finals[0].TrainLosses.Select((loss, epoch) => new Point(epoch + 1, loss))]))];
        Plot plot = Lines("Training loss", "epoch", "cross-entropy", series, x => x, Math.Log10);
        double[] ticks = [0.001, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50];
        plot.Axes.Left.SetTicks([.. ticks.Select(Math.Log10)], [.. ticks.Select(t => t.ToString(CultureInfo.InvariantCulture))]);
        return plot.GetImageBytes(Width, Height, ImageFormat.Png);
    }

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
        foreach (IAxis axis in plot.Axes.GetAxes())
            axis.IsVisible = false;
        plot.HideGrid();
        plot.ShowLegend(Edge.Right);
        return plot.GetImageBytes(Height, Height - 60, ImageFormat.Png);
    }

    private static Plot Lines(
        string title, string axis, string vertical, IEnumerable<Series> series, Func<double, double> across, Func<double, double> up)
    {
        var plot = new Plot();
        var ticks = new HashSet<double>();
        foreach (Series line in series)
        {
            var scatter = plot.Add.Scatter(line.Points.Select(p => across(p.X)).ToArray(), line.Points.Select(p => up(p.Y)).ToArray());
            scatter.LegendText = line.Name;
            scatter.LineWidth = 2;
            if (ColourOf(line.Name) is { } colour)
                scatter.Color = colour;
            ticks.UnionWith(line.Points.Select(p => p.X));
        }

        plot.Axes.Bottom.SetTicks(ticks.Order().Select(across).ToArray(), ticks.Order().Select(t => t.ToString(CultureInfo.InvariantCulture)).ToArray());
        plot.Title(title);
        plot.XLabel(axis);
        plot.YLabel(vertical);
        plot.ShowLegend(Edge.Right);
        return plot;
    }

    /// <summary>A method has the same colour in every picture.</summary>
    private static Color? ColourOf(string name)
    {
        int index = Catalogue.Methods.Select(m => m.Name).ToList().IndexOf(name);
        return index < 0 ? null : new ScottPlot.Palettes.Category10().GetColor(index);
    }
}
