using ScottPlot;

namespace Study.Report;

/// <summary>Where a plot's points come to lie in its picture: fixed beforehand, since names are placed beside them in pixels.</summary>
internal sealed class PlotArea
{
    private readonly AxisLimits _limits;

    /// <summary>Fixes the borders of a plot whose limits are set.</summary>
    /// <param name="plot">The plot.</param>
    /// <param name="width">That of the picture, in unscaled pixels, as all sizes here.</param>
    /// <param name="height">That of the picture.</param>
    /// <param name="padding">Around the area.</param>
    public PlotArea(Plot plot, double width, double height, PixelPadding padding)
    {
        plot.Layout.Fixed(padding);
        _limits = plot.Axes.GetLimits();
        Width = width - padding.Left - padding.Right;
        Height = height - padding.Bottom - padding.Top;
    }

    /// <summary>Of the area in which points lie.</summary>
    public double Width { get; }

    /// <summary>Of the area in which points lie.</summary>
    public double Height { get; }

    /// <summary>What a point and its error bar cover.</summary>
    /// <param name="x">The point's place.</param>
    /// <param name="y">The point's place.</param>
    /// <param name="deviation">From the point to an end of its bar.</param>
    /// <param name="size">Of the marker, in pixels.</param>
    public Box ToPixels(double x, double y, double deviation, double size) => new(
        (x - _limits.Left) / _limits.HorizontalSpan * Width,
        (_limits.Top - y) / _limits.VerticalSpan * Height,
        size,
        Math.Max(size, 2 * deviation / _limits.VerticalSpan * Height));

    /// <summary>The middle of a box, in the plot's numbers.</summary>
    public Coordinates ToCoordinates(Box box) => new(
        _limits.Left + (box.X / Width * _limits.HorizontalSpan),
        _limits.Top - (box.Y / Height * _limits.VerticalSpan));
}
