using System.Globalization;
using System.Text.RegularExpressions;

namespace VptDsl.Generators.Tests.Documentation;

/// <summary>Protects what docs/study.md says of its results: each sentence agrees with the tables above it.</summary>
public sealed partial class StudyTests
{
    private const string PagePath = "docs/study.md", Method = "method", Accuracies = "test accuracy, %";
    private const string Length = "prompts before a layer", Depth = "prompted layers", Share = "% of the training images";

    private static readonly string Page = RepositoryFiles.Read(PagePath);
    private static readonly IReadOnlyList<MarkdownTable> Tables = MarkdownTable.Of(PagePath);

    [Fact]
    public void Accuracies_in_sentences_are_those_of_the_table()
    {
        Says($"{Of("VPT-deep")}, {Of("VPT-shallow")} and {Of("Linear")} %");
        Says($"{Of("Partial-1")} to {Of("Linear")} %");
        Says($"with {Of("Full")} % against {Of("VPT-deep")} % for VPT-deep");
        Says(
            $"before the first two layers give {MeanOf(Depth, "2", "the first layers")} %, " +
            $"before the last two {MeanOf(Depth, "2", "the last layers")} %");
        Says($"already beats the linear head, with {MeanOf(Length, "1", "VPT-deep")} %");
    }

    [Fact]
    public void Schemes_stand_in_the_order_that_sentences_say()
    {
        double deep = Accuracy("VPT-deep"), shallow = Accuracy("VPT-shallow"), linear = Accuracy("Linear");
        string[] best = [.. Methods().OrderByDescending(Accuracy)];

        Assert.True(deep > shallow && shallow > linear);
        Assert.True(Number(MeanOf(Length, "1", "VPT-deep")) > linear);
        Assert.True(Number(MeanOf(Length, "50", "VPT-deep")) <= Number(MeanOf(Length, "10", "VPT-deep")));
        Assert.Equal(["Full", "Sidetune"], best[..2]);
        Assert.Equal("Bias", best[^1]);
        Assert.InRange(Accuracy("Adapter") - deep, 2.5, 3);
        Assert.True(Accuracy("Partial-1") > linear);
    }

    [Fact]
    public void Costs_in_sentences_are_those_of_the_table()
    {
        const string seconds = "seconds", planned = "planned for a step, MB";
        Assert.Equal(0.01, Number(Cell(Method, "VPT-deep", "% of backbone")) / 100, 0.001);
        Assert.Equal(2 / 3.0, Ratio("VPT-deep", "Full", planned), 0.05);
        Assert.Equal(0.5, Ratio("VPT-deep", "Full", seconds), 0.05);
        Assert.True(Ratio("Linear", "Full", planned) < 0.1 && Ratio("Linear", "Full", seconds) < 0.1);
    }

    [Fact]
    public void A_tenth_of_the_images_leaves_all_within_the_range_that_the_page_says()
    {
        Match range = Regex.Match(Page, @"all lie between (\d+) and (\d+) %");
        string[] tenth = Tables.Single(table => table.Has(Share)).Row(Share, "10");
        Assert.All(
            tenth[1..],
            cell => Assert.InRange(
                Number(Mean().Match(cell).Groups[1].Value), int.Parse(range.Groups[1].Value), int.Parse(range.Groups[2].Value)));
    }

    [Fact]
    public void A_row_for_each_method_of_the_papers_table() => Assert.Equal(
        ["Full", "Linear", "Partial-1", "MLP-3", "Sidetune", "Bias", "Adapter", "VPT-shallow", "VPT-deep"], Methods());

    private static void Says(string words) => Assert.Contains(words, Page, StringComparison.Ordinal);

    private static IEnumerable<string> Methods() => Tables.Single(table => table.Has(Method, Accuracies)).Column(Method);

    private static double Accuracy(string method) => Number(Of(method));

    private static string Of(string method) => MeanOf(Method, method, Accuracies);

    private static double Ratio(string method, string other, string column) =>
        Number(Cell(Method, method, column)) / Number(Cell(Method, other, column));

    private static string MeanOf(string key, string row, string column) => Mean().Match(Cell(key, row, column)).Groups[1].Value;

    /// <summary>The cell in a column, of the row that another column names: in the only table that has both.</summary>
    private static string Cell(string key, string row, string column)
    {
        MarkdownTable table = Tables.Single(table => table.Has(key, column));
        return table.Row(key, row)[Array.IndexOf(table.Head, column)];
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"([0-9.]+) ± [0-9.]+")]
    private static partial Regex Mean();
}
