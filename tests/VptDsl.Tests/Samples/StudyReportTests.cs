using Study;
using Study.Report;
using VptDsl.Testing;

namespace VptDsl.Tests.Samples;

/// <summary>Readers believe the study's tables: they count right, and are held against the paper's numbers without favour.</summary>
public class StudyReportTests
{
    [Fact]
    public void Tables_have_the_papers_layout_and_say_what_does_not_hold()
    {
        // As in the paper, but that full tuning leads on the digits, and prompts fail on the structured task.
        StudyResults results = MadeUpStudy.Of((method, task) => (method, task.Kind) switch
        {
            ("Full", TaskKind.Natural) => 90,
            ("VPT-shallow", TaskKind.Structured) => 20,
            ("VPT-deep", TaskKind.Structured) => 25,
            _ => PaperTable.Of(method).On(task.Kind),
        });

        Snapshot.Match(MarkdownPage.Render(
            "Made up",
            [
                MethodTables.Accuracies(results), MethodTables.Costs(results), PaperComparison.Claims(results),
                PaperComparison.Places(results), PaperComparison.Agreement(results), .. PaperComparison.Reversals(results),
            ]));
    }

    [Fact]
    public void Every_claim_holds_of_the_papers_own_numbers()
    {
        StudyResults paper = MadeUpStudy.Of((method, task) => PaperTable.Of(method).On(task.Kind));

        Assert.All(PaperComparison.Claims(paper).Rows, row => Assert.Equal("yes", row[^1]));
        Assert.All(PaperComparison.Agreement(paper).Rows, row => Assert.Equal(["1.00", "0 of 36"], row.Skip(1)));
        Assert.All(PaperComparison.Reversals(paper), task => Assert.EndsWith(": none.", task.Text, StringComparison.Ordinal));
    }

    [Fact]
    public void No_claim_but_on_size_holds_of_the_opposite()
    {
        StudyResults opposite = MadeUpStudy.Of((method, task) => 100 - PaperTable.Of(method).On(task.Kind));

        Assert.All(PaperComparison.Claims(opposite).Rows.SkipLast(1), row => Assert.Equal("no", row[^1]));
        Assert.All(PaperComparison.Agreement(opposite).Rows, row => Assert.Equal("−1.00", row[1]));
    }

    [Fact]
    public void A_method_wins_where_it_is_better_and_not_where_it_is_as_good()
    {
        StudyResults results = MadeUpStudy.Of((method, task) => (method, task.Kind) switch
        {
            ("Bias", TaskKind.Natural) => 71,
            ("Bias", TaskKind.Specialized) => 69,
            _ => 70,
        });

        Assert.Equal(1, results.Of("Bias").WinsOver(results.Of("Full")));
        Assert.Equal(0, results.Of("Linear").WinsOver(results.Of("Full")));
        Assert.Equal(1, results.Of("Full").WinsOver(results.Of("Bias")));
    }

    [Fact]
    public void The_mean_over_tasks_deviates_as_its_seeds_do()
    {
        Method method = MadeUpStudy.Of((_, task) => 50 + (10 * (int)task.Kind)).Methods[0];

        Assert.Equal(60, method.Accuracy, 1e-9);
        Assert.Equal(Math.Sqrt(2 / 3.0), method.Deviation, 1e-9);
    }

    /// <summary>macOS does not say it, and no program takes nothing.</summary>
    [Fact]
    public void A_peak_of_memory_that_is_not_known_is_no_number()
    {
        StudyResults results = MadeUpStudy.Of((_, task) => 50 + (10 * (int)task.Kind));
        results = results with
        {
            Methods = [.. results.Methods.Select(method => method with { Cost = new RunCost(PeakBytes: 0, Seconds: 12.5) })],
        };

        Assert.All(MethodTables.Costs(results).Rows, row => Assert.Equal(MethodTables.NotTold, row[3]));
    }

    [Fact]
    public void Kendalls_tau_counts_pairs()
    {
        // Of six pairs five are ordered alike, and the middle ones the other way round.
        Assert.Equal(4 / 6.0, Ranking.KendallTau([1, 2, 3, 4], [10, 30, 20, 40]), 1e-9);
        Assert.Equal((1, 2), Assert.Single(Ranking.Reversed([1, 2, 3, 4], [10, 30, 20, 40])));
        // One pair is not ordered at all.
        Assert.Equal(2 / 3.0, Ranking.KendallTau([1, 2, 3], [10, 10, 20]), 1e-9);
        Assert.Empty(Ranking.Reversed([1, 2, 3], [10, 10, 20]));
    }

    [Fact]
    public void Equal_numbers_share_the_better_place() => Assert.Equal([2, 1, 2, 4], Ranking.Places([5, 7, 5, 3]).AsEnumerable());

    [Fact]
    public void Labels_cover_neither_each_other_nor_a_point_nor_an_edge()
    {
        const int width = 530, height = 298, count = 9;
        var random = new Random(7);
        for (int picture = 0; picture < 200; picture++)
        {
            Box[] points =
            [
                .. Enumerable.Range(0, count).Select(_ =>
                    new Box(Within(60, width - 60), Within(100, height - 100), Width: 10, Height: Within(10, 40))),
            ];

            var labels = LabelPlacement.Place(points, [.. points.Select(_ => (Within(40, 90), 18.0))], width, height);

            Box[] all = [.. points, .. labels];
            for (int label = count; label < all.Length; label++)
            {
                Assert.True(all[label].LiesIn(width, height));
                Assert.DoesNotContain(all.Where((_, other) => other != label), all[label].Overlaps);
            }
        }

        double Within(double low, double high) => low + ((high - low) * random.NextDouble());
    }

    [Fact]
    public void Labels_without_room_are_refused() => Assert.Throws<ArgumentException>(
        () => LabelPlacement.Place([new Box(10, 10, 10, 10)], [(30, 18)], width: 20, height: 20));
}
