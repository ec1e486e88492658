using System.Globalization;
using System.Text.RegularExpressions;
using VptDsl.Testing.Documentation;

namespace VptDsl.Generators.Tests.Documentation;

/// <summary>Protects what docs/study.md says of its results: each sentence agrees with the tables above it.</summary>
public sealed partial class StudyTests
{
    private const string PagePath = "docs/study.md", Method = "method";
    private const string Digits = "Digits (Natural), %", Brain = "Brain (Specialized), %", Position = "Position (Structured), %";
    private const string Length = "prompts before a layer", Depth = "prompted layers", Share = "% of the training images";

    private static readonly string[] Tasks = [Digits, Brain, Position];
    private static readonly string Page = RepositoryFiles.Read(PagePath);
    private static readonly string Sentences = Spaces().Replace(Page, " ");
    private static readonly IReadOnlyList<MarkdownTable> Tables = MarkdownTable.Of(PagePath);

    [Fact]
    public void Accuracies_in_sentences_are_those_of_the_table()
    {
        Says(
            $"by {Points("Linear", "VPT-deep", Digits)} points on the digits, {Points("Linear", "VPT-deep", Brain)} on the brain " +
            $"and {Points("Linear", "VPT-deep", Position)} on positions");
        Says(string.Join(" and ", string.Join(", ", Tasks[..2].Select(DeepToShallow)), DeepToShallow(Position)) + " %");
        Says(
            $"by {Points("Full", "VPT-deep", Digits)}, {Points("Full", "VPT-deep", Brain)} " +
            $"and {Points("Full", "VPT-deep", Position)} points");
        Says($"with means of {MeanOfTasks("Bias")} and {MeanOfTasks("Adapter")} % against {MeanOfTasks("VPT-deep")} %");
        Says($"with {Of("VPT-shallow", Position)} to {Of("Linear", Position)} %");
        Says($"with {Of("Partial-1", Digits)} to {Of("Linear", Digits)} %");

        static string DeepToShallow(string task) => $"{Of("VPT-deep", task)} to {Of("VPT-shallow", task)}";
    }

    [Fact]
    public void Accuracies_of_the_curves_are_those_of_their_tables()
    {
        Says($"already beats the linear head, with {MeanOf(Length, "1", "VPT-deep")} %");
        Says(
            $"before the first two layers give {MeanOf(Depth, "2", "the first layers")} %, " +
            $"before the last two {MeanOf(Depth, "2", "the last layers")} %");
        Says(
            $"deep prompts learn to read {MeanOf(Share, "10", "VPT-deep")} %, full tuning {MeanOf(Share, "10", "Full")} " +
            $"and a linear head {MeanOf(Share, "10", "Linear")} %");
    }

    [Fact]
    public void Methods_stand_in_the_order_that_sentences_say()
    {
        Assert.All(Tasks, task => Assert.True(Accuracy("VPT-deep", task) > Accuracy("Linear", task)));
        Assert.All(Tasks, task => Assert.True(Accuracy("VPT-deep", task) > Accuracy("VPT-shallow", task)));
        Assert.All(Tasks, task => Assert.True(Accuracy("Full", task) > Accuracy("VPT-deep", task)));
        Assert.All(Tasks, task => Assert.NotEqual("Sidetune", Methods().MinBy(method => Accuracy(method, task))));
        Assert.Equal(Position, Tasks.MaxBy(task => Accuracy("VPT-deep", task) - Accuracy("VPT-shallow", task)));
        Assert.Equal("Full", Methods().MaxBy(method => Accuracy(method, Brain)));
        Assert.All(["Bias", "Adapter"], method => Assert.True(Accuracy(method, Digits) > Accuracy("Full", Digits)));
        Assert.True(Accuracy("VPT-shallow", Position) < Accuracy("Linear", Position));
        Assert.Equal([Digits], Tasks.Where(task => Accuracy("Partial-1", task) < Accuracy("Linear", task)));
        Assert.True(Number(MeanOf(Length, "1", "VPT-deep")) > Accuracy("Linear", Digits));
        Assert.True(Number(MeanOf(Length, "50", "VPT-deep")) <= Number(MeanOf(Length, "5", "VPT-deep")));
        Assert.True(Number(MeanOf(Share, "10", "VPT-deep")) > Number(MeanOf(Share, "10", "Full")) + 5);
    }

    [Fact]
    public void Costs_in_sentences_are_those_of_the_table()
    {
        Says($"for {Cell(Method, "VPT-deep", "% of backbone")} % of the backbone");
        Assert.Equal(1 / 130.0, Ratio("VPT-deep", "Full", "task, bytes"), 0.0005);
        Assert.Equal(2 / 3.0, Ratio("VPT-deep", "Full", "planned for a step, MB"), 0.05);
        Assert.Equal(2 / 3.0, Ratio("VPT-deep", "Full", "seconds"), 0.05);
    }

    [Fact]
    public void Three_tenths_of_the_images_leave_all_within_the_range_that_the_page_says()
    {
        Match range = Regex.Match(Page, @"all lie between (\d+) and (\d+) %");
        string[] share = Tables.Single(table => table.Has(Share)).Row(Share, "30");
        Assert.All(
            share[1..],
            cell => Assert.InRange(
                Number(Mean().Match(cell).Groups[1].Value), int.Parse(range.Groups[1].Value), int.Parse(range.Groups[2].Value)));
    }

    [Fact]
    public void A_row_for_each_method_of_the_papers_table() => Assert.Equal(
        ["Full", "Linear", "Partial-1", "MLP-3", "Sidetune", "Bias", "Adapter", "VPT-shallow", "VPT-deep"], Methods());

    private static void Says(string words) => Assert.Contains(words, Sentences, StringComparison.Ordinal);

    private static IEnumerable<string> Methods() => Tables.Single(table => table.Has(Method, Digits)).Column(Method);

    private static double Accuracy(string method, string task) => Number(Of(method, task));

    private static string Of(string method, string task) => MeanOf(Method, method, task);

    private static string MeanOfTasks(string method) => Cell(Method, method, "mean, %").Split(' ')[0];

    /// <summary>The distance of two methods, as the table of claims has it: from means that are not rounded.</summary>
    private static string Points(string from, string to, string task) =>
        Cell("claim", $"{task.Split(' ')[0]}: {from} to {to}, points", "here").TrimStart('+', '−');

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

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
