using System.Globalization;
using System.Text.RegularExpressions;

namespace VptDsl.Generators.Tests.Documentation;

/// <summary>Protects what docs/study.md says of its results: each sentence agrees with the tables above it.</summary>
public sealed partial class StudyTests
{
    private static readonly string Page = RepositoryFiles.Read("docs/study.md");

    [Fact]
    public void Accuracies_in_sentences_are_those_of_the_table()
    {
        Says($"{Of("VPT-deep")}, {Of("VPT-shallow")} and {Of("Linear")} %");
        Says($"{Of("Partial-1")} to {Of("Linear")} %");
        Says($"with {Of("Full")} % against {Of("VPT-deep")} % for VPT-deep");
        Says($"before the first two layers give {Cell("2", 1)} %, before the last two {Cell("2", 2)} %");
        Says($"already beats the linear head, with {Cell("1", 2)} %");
    }

    [Fact]
    public void Schemes_stand_in_the_order_that_sentences_say()
    {
        double deep = Accuracy("VPT-deep"), shallow = Accuracy("VPT-shallow"), linear = Accuracy("Linear");
        string[] best = [.. Methods().OrderByDescending(Accuracy)];

        Assert.True(deep > shallow && shallow > linear);
        Assert.True(double.Parse(Cell("1", 2), CultureInfo.InvariantCulture) > linear);
        Assert.True(double.Parse(Cell("50", 2), CultureInfo.InvariantCulture) <= double.Parse(Cell("10", 2), CultureInfo.InvariantCulture));
        Assert.Equal(["Full", "Sidetune"], best[..2]);
        Assert.Equal("Bias", best[^1]);
        Assert.InRange(Accuracy("Adapter") - deep, 2.5, 3);
        Assert.True(Accuracy("Partial-1") > linear);
    }

    [Fact]
    public void Costs_in_sentences_are_those_of_the_table()
    {
        Assert.Equal(0.01, Column("VPT-deep", 3) / 100, 0.001);
        Assert.Equal(2 / 3.0, Column("VPT-deep", 8) / Column("Full", 8), 0.05);
        Assert.Equal(0.5, Column("VPT-deep", 6) / Column("Full", 6), 0.05);
        Assert.True(Column("Linear", 8) < Column("Full", 8) / 10 && Column("Linear", 6) < Column("Full", 6) / 10);
    }

    [Fact]
    public void A_tenth_of_the_images_leaves_all_within_the_range_that_the_page_says()
    {
        Match range = Regex.Match(Page, @"all lie between (\d+) and (\d+) %");
        string row = Regex.Match(Page, @"\n\| % of the training images.*?\n(\| 10 \|[^\n]+)", RegexOptions.Singleline).Groups[1].Value;
        Assert.All(
            Mean().Matches(row).Select(match => double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture)),
            accuracy => Assert.InRange(accuracy, int.Parse(range.Groups[1].Value), int.Parse(range.Groups[2].Value)));
    }

    [Fact]
    public void A_row_for_each_method_of_the_papers_table() => Assert.Equal(
        ["Full", "Linear", "Partial-1", "MLP-3", "Sidetune", "Bias", "Adapter", "VPT-shallow", "VPT-deep"], Methods());

    private static void Says(string words) => Assert.Contains(words, Page, StringComparison.Ordinal);

    private static IEnumerable<string> Methods() => Row().Matches(Page).Select(match => match.Groups[1].Value);

    private static double Accuracy(string method) => double.Parse(Of(method), CultureInfo.InvariantCulture);

    private static string Of(string method) => Mean().Match(Cells(method)[5]).Groups[1].Value;

    private static double Column(string method, int index) =>
        double.Parse(Regex.Match(Cells(method)[index], "[0-9.]+").Value, CultureInfo.InvariantCulture);

    private static string[] Cells(string method) =>
        ["", .. Regex.Match(Page, $@"\n\| {method} \| (?<cells>[^\n]+) \|\n").Groups["cells"].Value.Split(" | ")];

    /// <summary>The mean in a curve's table: of prompts before a layer where the row has two, by its first cell.</summary>
    private static string Cell(string first, int column)
    {
        Match row = Regex.Match(Page, $@"\n\| {first} \| ([^|\n]+) \| ([^|\n]+) \|\n");
        return Mean().Match(row.Groups[column].Value).Groups[1].Value;
    }

    [GeneratedRegex(@"([0-9.]+) ± [0-9.]+")]
    private static partial Regex Mean();

    [GeneratedRegex(@"^\| ([A-Z][\w-]+) \| [0-9.]+ \| [0-9,]+ \|", RegexOptions.Multiline)]
    private static partial Regex Row();
}
