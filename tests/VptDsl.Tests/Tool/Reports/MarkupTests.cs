using System.Globalization;
using VptDsl.Tool.Reports;

namespace VptDsl.Tests.Tool.Reports;

/// <summary>Protects whoever opens a page: names of classes and files are somebody's, and must stay text.</summary>
public sealed class MarkupTests
{
    [Theory]
    [InlineData("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;")]
    [InlineData("\" onload=\"x", "&quot; onload=&quot;x")]
    [InlineData("' & ü 花 سبعة", "&#x27; &amp; ü 花 سبعة")]
    [InlineData("&lt;", "&amp;lt;")]
    [InlineData(null, "")]
    public void What_is_put_between_is_text(string? text, string expected)
    {
        Assert.Equal($"<i title=\"{expected}\"></i>", Markup.Of($"<i title=\"{text}\"></i>").Text);
        Assert.Equal("<b>" + expected + "</b>", Markup.Of($"<b>{Markup.Of($"{text}")}</b>").Text);
    }

    [Fact]
    public void A_name_turns_nothing_around_it() =>
        Assert.Equal("<bdi>six?evil? &lt;</bdi>", Markup.Name("six\u202eevil\n <").Text);

    [Fact]
    public void Numbers_are_the_same_in_every_culture()
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = Cultures.OfOtherSigns;
        try
        {
            Assert.Equal("-1.5 -7 2.50", Markup.Of($"{-1.5} {-7} {2.5:F2}").Text);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }
}
