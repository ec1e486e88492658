using System.Globalization;
using System.Text.RegularExpressions;
using VptDsl.Testing.Documentation;

namespace VptDsl.Generators.Tests.Documentation;

/// <summary>
/// Protects figures that one page takes from another: a link whose words have a number leads to a page that has it, as it is or with more
/// digits. What was measured stands in one place, with the machine that it was measured on.
/// </summary>
public sealed partial class CitedFigureTests
{
    public static TheoryData<string> Pages => [.. RepositoryFiles.Pages, .. RepositoryFiles.DiagnosticPages, .. RepositoryFiles.Readmes];

    [Theory]
    [MemberData(nameof(Pages))]
    public void A_figure_in_a_links_words_is_on_its_page(string page) => Assert.All(
        Link().Matches(RepositoryFiles.Read(page)),
        link =>
        {
            string path = Path.GetRelativePath(
                "/", Path.GetFullPath(Path.Combine("/", Path.GetDirectoryName(page)!, link.Groups["path"].Value))).Replace('\\', '/');
            if (!RepositoryFiles.Exists(path))
                return; // Of another site; LinkTests know.
            string[] there = [.. Figure().Matches(RepositoryFiles.Read(path)).Select(match => match.Value)];
            Assert.All(
                Figure().Matches(link.Groups["words"].Value),
                figure => Assert.True(
                    there.Any(other => IsSame(figure.Value, other)), $"{page}: '{link.Value}', but {path} has no {figure.Value}."));
        });

    [Theory]
    [InlineData("2.39", "2.39", true)]
    [InlineData("2.6", "2.57", true)]
    [InlineData("1,000", "1000", true)]
    [InlineData("2.39", "2.4", false)]
    [InlineData("2.6", "2.69", false)]
    public void A_figure_may_be_rounded(string cited, string there, bool same) => Assert.Equal(same, IsSame(cited, there));

    private static bool IsSame(string cited, string there)
    {
        string plain = cited.Replace(",", "", StringComparison.Ordinal);
        int point = plain.IndexOf('.', StringComparison.Ordinal);
        return Number(plain) == Math.Round(Number(there), point < 0 ? 0 : plain.Length - 1 - point, MidpointRounding.AwayFromZero);
    }

    private static decimal Number(string text) =>
        decimal.Parse(text.Replace(",", "", StringComparison.Ordinal), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"(?<!`)\[(?<words>[^\]\[]*)\]\((?<path>[^)\s:#]+\.md)(?:#[^)\s]*)?\)")]
    private static partial Regex Link();

    /// <summary>A number that stands by itself, and in no name.</summary>
    [GeneratedRegex(@"(?<![\w.,/-])\d+(?:,\d{3})*(?:\.\d+)?(?![\w/]|[.,-]\d)")]
    private static partial Regex Figure();
}
