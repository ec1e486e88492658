using System.Globalization;
using System.Reflection;
using VptDsl.Data;

namespace VptDsl.Tests.Data;

/// <summary>A normalisation that is typed or kept in a file means the same everywhere.</summary>
public sealed class NormalizationTextTests
{
    [Theory]
    [InlineData("imagenet", "0.485 0.456 0.406 / 0.229 0.224 0.225")]
    [InlineData("Symmetric", "0.5 0.5 0.5 / 0.5 0.5 0.5")]
    [InlineData("none", "0 0 0 / 1 1 1")]
    [InlineData("0.286/0.353", "0.286 / 0.353")]
    [InlineData("0.5,0.4,0.3/0.2,0.2,0.25", "0.5 0.4 0.3 / 0.2 0.2 0.25")]
    [InlineData(" 0.5, 0.4, 0.3 / 0.2 0.2 0.25 ", "0.5 0.4 0.3 / 0.2 0.2 0.25")]
    public void Names_and_numbers_are_read_in_any_culture(string text, string expected)
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = Cultures.OfOtherSigns;
        try
        {
            Assert.Equal(expected, Normalization.Parse(text).ToString());
            Assert.Equal(expected, Normalization.Parse(expected).ToString());
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    /// <summary>Who reads of a preset in the documentation types its name.</summary>
    [Fact]
    public void Every_preset_is_read_by_its_name_which_the_error_says()
    {
        string error = Assert.Throws<FormatException>(() => Normalization.Parse("")).Message;
        foreach (PropertyInfo preset in typeof(Normalization).GetProperties(BindingFlags.Public | BindingFlags.Static))
        {
            Assert.Same(preset.GetValue(null), Normalization.Parse(preset.Name));
            Assert.Contains($" {preset.Name.ToLowerInvariant()}, ", error, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("imagenet21k")]
    [InlineData("0.5")]
    [InlineData("0.5/0.5/0.5")]
    [InlineData("0.5,x,0.5/0.5,0.5,0.5")]
    [InlineData("0.5,0.5/0.5")]
    [InlineData("0.5/0")]
    [InlineData("NaN/1")]
    [InlineData("/")]
    public void Anything_else_is_refused_with_what_there_is(string text) => Assert.Contains(
        "Write imagenet, symmetric, clip, none, or means and deviations",
        Assert.Throws<FormatException>(() => Normalization.Parse(text)).Message,
        StringComparison.Ordinal);
}
