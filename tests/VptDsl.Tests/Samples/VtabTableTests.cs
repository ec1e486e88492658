using VptDsl.Data;
using VptDsl.Tests.Weights;
using VptDsl.Training.Recipes;
using Vtab;

namespace VptDsl.Tests.Samples;

/// <summary>Protects whoever runs the paper's table piece by piece: each piece stands beside those before.</summary>
public sealed class VtabTableTests : IDisposable
{
    private const string Task = "dtd";

    private static readonly string[] Variants = ["deep-1", "deep-50", "deep-100"];

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_earlier_runs_found_is_read_and_validation_chooses_among_lengths()
    {
        Write("deep-1", validation: 0.5, test: 0.9);
        Write("deep-50", validation: 0.7, test: 0.6);

        SweepReport found = ResultFiles.Read(_folder.Path("."), Task, Variants, seeds: 2)!;

        Assert.Equal((0.7, 0.6), (found.Best.ValidationAccuracy, found.Mean));
        Assert.Equal([1, 2], found.Finals.Select(run => run.Seed));
    }

    [Fact]
    public void What_is_not_whole_is_not_in_the_table()
    {
        Write("deep-1", validation: 0.5, test: 0.4);
        Write("deep-50", validation: 0.7, test: 0.6);
        // A crash cuts off what it writes last.
        string file = ResultFiles.PathOf(_folder.Path("."), Task, "deep-50", ResultFiles.Finals);
        File.WriteAllText(file, File.ReadAllText(file)[..^1]);
        File.WriteAllText(ResultFiles.PathOf(_folder.Path("."), Task, "deep-100", ResultFiles.Finals), "no JSON\n");

        Assert.Equal(0.4, ResultFiles.Read(_folder.Path("."), Task, Variants, seeds: 2)!.Mean);
        Assert.Null(ResultFiles.Read(_folder.Path("."), Task, Variants, seeds: 3));
        Assert.Null(ResultFiles.Read(_folder.Path("."), "eurosat", Variants, seeds: 2));
    }

    [Fact]
    public void Rows_have_the_papers_order_whatever_came_first()
    {
        Write("deep-1", validation: 0.5, test: 0.4);
        SweepReport found = ResultFiles.Read(_folder.Path("."), Task, Variants, seeds: 2)!;
        var table = new ResultTable();
        table.Add("VPT-deep", VtabTask.Get("eurosat"), found);
        table.Add("VPT-deep", VtabTask.Get(Task), found);
        table.Add("Linear", VtabTask.Get("eurosat"), found);

        string[] rows = [.. table.ToString().Split('\n').Where(line => line.Contains("| VPT-deep") || line.Contains("| Linear"))];

        Assert.Equal(
            [
                "| Linear | – | 68.93 | 40.00 (1 of 4) | 77.16 | – | 26.84 |",
                "| VPT-deep | 40.00 (1 of 7) | 78.48 | 40.00 (1 of 4) | 82.43 | – | 54.98 |",
                "| eurosat | Linear | rate 0.5, decay 0 | 40.00 ± 0.00 |",
                "| dtd | VPT-deep | rate 0.5, decay 0 | 40.00 ± 0.00 |",
                "| eurosat | VPT-deep | rate 0.5, decay 0 | 40.00 ± 0.00 |",
            ],
            rows);
    }

    /// <summary>What the library writes of a sweep of one setting with two seeds.</summary>
    private void Write(string variant, double validation, double test)
    {
        var trial = new SweepLine { Trial = new Trial { LearningRate = 0.5, WeightDecay = 0, ValidationAccuracy = validation } };
        IEnumerable<SweepLine> finals = new[] { 1, 2 }.Select(
            seed => new SweepLine { Final = new FinalRun { Seed = seed, TestAccuracy = test, TrainLosses = [1, 0.5] } });
        File.WriteAllText(
            ResultFiles.PathOf(_folder.Path("."), Task, variant, ResultFiles.Finals),
            string.Concat(finals.Prepend(trial).Prepend(new SweepLine { Sweep = "vtab-prompt" }).Select(line => $"{line}\n")));
    }
}
