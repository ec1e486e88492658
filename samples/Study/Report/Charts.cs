using System.Collections.Immutable;
using System.Globalization;
using ScottPlot;
using SkiaSharp;

namespace Study.Report;

/// <summary>Draws the report's pictures.</summary>
internal static class Charts
{
    /// <summary>Half the page's width, at more pixels than a plain screen has.</summary>
    private const int Width = 720, Height = 540;

    /// <summary>The width of a README.</summary>
    private const int FullWidth = 900;

    private const float Scale = 1.5f, LabelSize = 15, MarkerSize = 10;

    /// <summary>
    /// A font without serifs: what ScottPlot takes for one is missing on many Linux machines, and is then replaced by one with serifs.
    /// </summary>
    private static readonly string Font =
        new[] { "Segoe UI", "Helvetica Neue", "Liberation Sans", "DejaVu Sans" }.FirstOrDefault(SKFontManager.Default.FontFamilies.Contains)
            ?? Fonts.Sans;

    /// <summary>Accuracy against something, as PNG.</summary>
    public static byte[] Draw(Curve curve)
    {
        Func<double, double> across = curve.Logarithmic ? Math.Log10 : x => x;
        Plot plot = NewPlot(curve.Title);
        foreach (Series line in curve.Series)
        {
            double[] xs = [.. line.Points.Select(point => across(point.X))], ys = [.. line.Points.Select(point => point.Outcome.Accuracy)];
            Color colour = AddLine(plot, line.Name, xs, ys);
            if (line.Points.All(point => point.Outcome.Report.Finals.Length > 1))
                plot.Add.ErrorBar(xs, ys, [.. line.Points.Select(point => point.Outcome.Deviation)]).Color = colour;
        }

        double[] ticks = [.. curve.Series.SelectMany(line => line.Points).Select(point => point.X).Distinct().Order()];
        SetTicks(plot.Axes.Bottom, ticks, across);
        return Finish(plot, curve.Axis, "test accuracy, %");
    }

    /// <summary>Mean accuracy over the tasks against trained parameters, a point a method, as PNG.</summary>
    public static byte[] DrawAccuracies(ImmutableArray<Method> methods)
    {
        var plot = new Plot { ScaleFactor = Scale };
        double[] xs = [.. methods.Select(method => Math.Log10(method.Model.TrainedFloats))], ys = [.. methods.Select(m => m.Accuracy)];
        double[] deviations = [.. methods.Select(method => method.Deviation)];
        // Names beside the outermost points need room.
        double marginX = 0.1 * (xs.Max() - xs.Min()), marginY = 0.1 * (ys.Max() - ys.Min());
        plot.Axes.SetLimits(
            xs.Min() - marginX, xs.Max() + marginX, ys.Min() - deviations.Max() - marginY, ys.Max() + deviations.Max() + marginY);
        var area = new PlotArea(plot, FullWidth / Scale, Height / Scale, new PixelPadding(left: 60, right: 10, bottom: 52, top: 10));
        ImmutableArray<Box> points = [.. methods.Select((_, i) => area.ToPixels(xs[i], ys[i], deviations[i], MarkerSize))];
        using var font = new SKFont(SKTypeface.FromFamilyName(Font), LabelSize);
        ImmutableArray<Box> labels = LabelPlacement.Place(
            points, [.. methods.Select(method => ((double)font.MeasureText(method.Name), (double)font.Spacing))], area.Width, area.Height);
        for (int i = 0; i < methods.Length; i++)
        {
            Color colour = ColourOf(methods[i].Name) ?? Colors.Black;
            plot.Add.Marker(xs[i], ys[i], size: MarkerSize, color: colour);
            if (deviations[i] > 0)
                plot.Add.ErrorBar([xs[i]], [ys[i]], [deviations[i]]).Color = colour;
            var label = plot.Add.Text(methods[i].Name, area.ToCoordinates(labels[i]));
            label.LabelFontName = Font;
            label.LabelFontSize = LabelSize;
            label.LabelFontColor = colour;
            label.LabelAlignment = Alignment.MiddleCenter;
        }

        SetTicks(plot.Axes.Bottom, [1e3, 1e4, 1e5, 1e6], Math.Log10, "N0");
        foreach (IAxis axis in plot.Axes.GetAxes())
            axis.TickLabelStyle.FontSize = 13;
        plot.XLabel("trained parameters", size: LabelSize);
        plot.YLabel("mean test accuracy, %", size: LabelSize);
        plot.Font.Set(Font);
        return plot.GetImageBytes(FullWidth, Height, ImageFormat.Png);
    }

    /// <summary>Training loss by epoch, as PNG: on a logarithmic scale, since some losses leap while the rate rises.</summary>
    public static byte[] DrawLosses(IEnumerable<Outcome> outcomes)
    {
        Plot plot = NewPlot("Training loss");
        int epochs = 0;
        foreach (Outcome outcome in outcomes)
        {
            var losses = outcome.Report.Finals[0].TrainLosses;
            AddLine(plot, outcome.Protocol.Name, [.. losses.Select((_, epoch) => epoch + 1.0)], [.. losses.Select(Math.Log10)]);
            epochs = losses.Length;
        }

        SetTicks(plot.Axes.Bottom, [.. Enumerable.Range(1, epochs).Select(epoch => (double)epoch)], x => x);
        SetTicks(plot.Axes.Left, [0.001, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50], Math.Log10);
        return Finish(plot, "epoch", "cross-entropy");
    }

    /// <summary>Features of test images, each class in a colour, as PNG.</summary>
    public static byte[] DrawEmbeddings(string method, float[] features, int[] labels)
    {
        double[,] places = TSne.Place(features, labels.Length);
        Plot plot = NewPlot(method);
        foreach (var group in labels.Select((label, i) => (label, i)).GroupBy(p => p.label).OrderBy(g => g.Key))
        {
            var markers = plot.Add.Markers(group.Select(p => places[p.i, 0]).ToArray(), group.Select(p => places[p.i, 1]).ToArray());
            markers.LegendText = group.Key.ToString(CultureInfo.InvariantCulture);
            markers.MarkerSize = 5;
        }

        foreach (IAxis axis in plot.Axes.GetAxes())
            axis.IsVisible = false;
        plot.HideGrid();
        return Finish(plot, Edge.Right);
    }

    private static Plot NewPlot(string title)
    {
        var plot = new Plot { ScaleFactor = Scale };
        plot.Title(title, size: 15);
        return plot;
    }

    private static Color AddLine(Plot plot, string name, double[] xs, double[] ys)
    {
        var line = plot.Add.Scatter(xs, ys);
        line.LegendText = name;
        line.LineWidth = 2;
        if (ColourOf(name) is { } colour)
            line.Color = colour;
        return line.Color;
    }

    private static void SetTicks(IAxis axis, double[] ticks, Func<double, double> place, string format = "G") =>
        axis.SetTicks([.. ticks.Select(place)], [.. ticks.Select(tick => tick.ToString(format, CultureInfo.InvariantCulture))]);

    /// <summary>Names the axes and puts the legend below.</summary>
    private static byte[] Finish(Plot plot, string across, string up)
    {
        plot.XLabel(across, size: 13);
        plot.YLabel(up, size: 13);
        plot.Legend.Orientation = Orientation.Horizontal;
        return Finish(plot, Edge.Bottom);
    }

    /// <summary>Puts the legend beside the points, where it covers none.</summary>
    private static byte[] Finish(Plot plot, Edge legend)
    {
        plot.Legend.OutlineWidth = 0;
        plot.Legend.ShadowColor = Colors.Transparent;
        plot.ShowLegend(legend);
        plot.Font.Set(Font);
        return plot.GetImageBytes(Width, Height, ImageFormat.Png);
    }

    /// <summary>A method has the same colour in every picture.</summary>
    private static Color? ColourOf(string name)
    {
        int index = Catalogue.Methods.Select(m => m.Name).ToList().IndexOf(name);
        return index < 0 ? null : new ScottPlot.Palettes.Category10().GetColor(index);
    }
}
