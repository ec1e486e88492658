using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using VptDsl.Tool.Reports;

namespace VptDsl.Tests.Tool.Reports;

/// <summary>Curves stay within their picture whatever the numbers of a run are, and show where there is none.</summary>
public sealed partial class LineChartTests
{
    [Theory]
    [InlineData(0.1, 0.2, 0.3)]
    [InlineData(1, 1, 1)]
    [InlineData(0, 0, 0)]
    [InlineData(-1e30, 5, 1e30)]
    [InlineData(1e-320, 2e-320, 0)]
    [InlineData(1e-12, 2e-12, 7e-12)]
    [InlineData(123456789, 123456790, 123456791)]
    [InlineData(1e308, 2, 3)]
    [InlineData(double.NaN, 2, 3)]
    [InlineData(double.NegativeInfinity, 2, 3)]
    public void Lines_stay_within_the_picture(double first, double second, double third)
    {
        string text = InOtherCulture(() => LineChart.Of("<Loss>", Line(first, second, third)).Text);
        XElement svg = XDocument.Parse(text.Replace(" alt=\"\"", "", StringComparison.Ordinal)).Descendants("svg").Single();

        Assert.Equal("<Loss>", svg.Attribute("aria-label")!.Value);
        string path = svg.Elements("path").Single().Attribute("d")!.Value;
        Match[] points = Point().Matches(path).ToArray();
        Assert.Equal(new[] { first, second, third }.Count(value => Math.Abs(value) <= 1e30), points.Length);
        Assert.All(points, point =>
        {
            Assert.InRange(double.Parse(point.Groups["x"].Value, CultureInfo.InvariantCulture), 58, 468);
            Assert.InRange(double.Parse(point.Groups["y"].Value, CultureInfo.InvariantCulture), 11.9, 246.1);
        });
        Assert.InRange(svg.Descendants("line").Count(), 2, 12);
        Assert.DoesNotMatch("NaN|∞|Infinity", svg.ToString());
    }

    [Fact]
    public void A_gap_is_no_line_across_it() =>
        Assert.Equal(2, LineChart.Of("Loss", Line(1, 2, double.NaN, 3, 4)).Text.Split("M").Length - 1);

    [Fact]
    public void Long_runs_are_thinned_and_keep_their_end()
    {
        string text = LineChart.Of("Loss", Line([.. Enumerable.Range(0, 100_000).Select(i => (double)i)])).Text;
        Assert.InRange(text.Length, 1000, 20_000);
        Assert.Contains("L468 ", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_to_connect_is_no_chart()
    {
        Assert.Equal(Markup.Empty, LineChart.Of("Loss"));
        Assert.Equal(Markup.Empty, LineChart.Of("Loss", Line(), Line(5), Line(double.NaN, 3)));
    }

    private static ChartLine Line(params double[] values) =>
        new("training", "train", [.. values.Select((value, i) => new LoggedPoint(10 * (i + 1), value))]);

    private static T InOtherCulture<T>(Func<T> make)
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = Cultures.OfOtherSigns;
            return make();
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [GeneratedRegex(@"[ML](?<x>-?[0-9.]+) (?<y>-?[0-9.]+)")]
    private static partial Regex Point();
}
