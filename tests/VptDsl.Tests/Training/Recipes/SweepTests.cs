using System.Text;
using VptDsl.Data;
using VptDsl.Programs;
using VptDsl.Tests.Weights;
using VptDsl.Training;
using VptDsl.Training.Recipes;

namespace VptDsl.Tests.Training.Recipes;

/// <summary>A sweep follows the paper's protocol, and one that was killed ends like one that was not.</summary>
public sealed class SweepTests : IDisposable
{
    private static readonly ImageSet Train = ToySets.BrightRows(20, seed: 1), Validation = ToySets.BrightRows(9, seed: 2);
    private static readonly ImageSet Both = ToySets.BrightRows(29, seed: 3), Test = ToySets.BrightRows(60, seed: 4);

    private static readonly Recipe Small = new()
    {
        Name = "small",
        LearningRates = [0.5, 20],
        WeightDecays = [0.01, 0],
        Epochs = 3,
        WarmupEpochs = 1,
        BatchSize = 7,
        Seeds = [1, 2, 3],
    };

    private readonly TempFolder _folder = new();
    private readonly Device _device = Device.Cpu(threads: 1);
    private readonly List<string> _runs = [];

    public void Dispose()
    {
        _device.Dispose();
        _folder.Dispose();
    }

    private string Results => _folder.Path("results.jsonl");

    [Fact]
    public void Every_pair_is_tried_and_the_best_is_measured_over_the_seeds()
    {
        SweepReport report = Run(Train);

        Assert.Equal([(20, 0.01), (20, 0), (0.5, 0.01), (0.5, 0)], report.Trials.Select(trial => (trial.LearningRate, trial.WeightDecay)));
        Assert.Equal(report.Trials.Max(trial => trial.ValidationAccuracy), report.Best.ValidationAccuracy);
        Assert.Equal([1, 2, 3], report.Finals.Select(run => run.Seed));
        Assert.Equal(7, _runs.Count);
        Assert.Equal(["results.jsonl"], _folder.Files);
        Assert.Contains("over 3 seeds", report.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Of_equal_trials_the_smaller_rate_is_taken()
    {
        // At rates that change next to nothing all trials are equal.
        Recipe recipe = Small with { LearningRates = [1e-9, 1e-8, 2e-9] };
        SweepReport report = Run(Train, recipe);
        Assert.Single(report.Trials.Select(trial => trial.ValidationAccuracy).Distinct());
        Assert.Equal((1e-9, 0), (report.Best.LearningRate, report.Best.WeightDecay));
    }

    [Fact]
    public void A_sweep_killed_anywhere_ends_with_the_same_results()
    {
        Run(Train);
        byte[] expected = File.ReadAllBytes(Results);
        int finals = 4 * 3 * Train.Count;
        for (int reads = 0; reads < finals; reads += 11)
        {
            File.Delete(Results);
            Assert.Throws<DeathException>(() => Run(new DyingSource(Train, reads)));
            Run(Train);
            Assert.Equal(expected, File.ReadAllBytes(Results));
        }

        Assert.Equal(["results.jsonl"], _folder.Files);
    }

    [Theory]
    [InlineData("results.jsonl.20-0.checkpoint")]
    [InlineData("results.jsonl.20-0.checkpoint.lock")]
    [InlineData("results.jsonl.20-0.checkpoint.mjxi3a2w.uu1.partial")]
    [InlineData("results.jsonl.20-0.attempt-12.checkpoint")]
    [InlineData("results.jsonl.seed-3.attempt-1.checkpoint.lock")]
    public void What_a_kill_between_two_writes_left_is_cleared_away(string leftover)
    {
        Run(Train);
        _folder.Write(leftover, [1]);
        string[] others = ["results.jsonl.40-0.checkpoint", "results.jsonl.of-another", "results.jsonl.other.vpt.checkpoint"];
        foreach (string other in others)
            _folder.Write(other, [1]);

        Run(Train);

        Assert.Equal(["results.jsonl", .. others], _folder.Files);
    }

    [Fact]
    public void A_checkpoint_that_is_further_on_than_a_pause_changes_no_result()
    {
        Recipe recipe = Small with { LearningRates = [0.006, 0.008, 0.01, 0.014], Halving = 2, Epochs = 8, JudgedEpoch = JudgedEpoch.Last };
        Run(Train, recipe);
        byte[] expected = File.ReadAllBytes(Results);
        Assert.Contains(
            _runs, run => run.EndsWith("after epoch 2", StringComparison.Ordinal)
                && _runs.Any(later => later.EndsWith("after epoch 4", StringComparison.Ordinal)
                    && later.Split(':')[0] == run.Split(':')[0] && later.Split('%')[0] != run.Split('%')[0]));
        File.Delete(Results);
        // Killed when all eight trials had paused after two epochs, and the best had gone on for two.
        Assert.Throws<DeathException>(() => Run(new DyingSource(Train, 23 * Train.Count), recipe));
        File.Delete(Results);

        Run(Train, recipe);

        Assert.Equal(expected, File.ReadAllBytes(Results));
    }

    [Fact]
    public void What_is_done_is_not_done_again()
    {
        SweepReport report = Run(Train);
        _runs.Clear();
        SweepReport again = Run(new DyingSource(Train, 0));
        Assert.Empty(_runs);
        Assert.Equal(report.Mean, again.Mean);
    }

    [Fact]
    public void A_line_that_a_crash_cut_off_is_made_again()
    {
        Run(Train);
        byte[] expected = File.ReadAllBytes(Results);
        for (int length = expected.Length - 1; length > 0; length -= 29)
        {
            File.WriteAllBytes(Results, expected[..length]);
            Run(Train);
            Assert.Equal(expected, File.ReadAllBytes(Results));
        }
    }

    [Fact]
    public void A_damaged_line_or_another_sweeps_file_is_refused()
    {
        Run(Train);
        string text = File.ReadAllText(Results);
        File.WriteAllText(Results, text.Replace("{\"final\"", "{\"finale\"", StringComparison.Ordinal));
        Assert.Contains("line 6", Assert.Throws<IOException>(() => Run(Train)).Message, StringComparison.Ordinal);
        File.WriteAllText(Results, text);
        Assert.Contains(
            "another sweep", Assert.Throws<IOException>(() => Run(Train, Small with { Epochs = 4 })).Message, StringComparison.Ordinal);
        Assert.Contains("another sweep", Assert.Throws<IOException>(() => Run(Both)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("notes", "no results of this sweep")]
    [InlineData("notes\nmore notes", "no results of this sweep")]
    [InlineData("\n{\"swee", "no results of this sweep")]
    [InlineData("\u00FFa task's bytes\n\0\n and no line's end", "no results of this sweep")]
    [InlineData("{\"sweep\":\"anoth", "no results of this sweep")]
    [InlineData("{\"sweep\":\"another\"}\n{\"tri", "another sweep")]
    public void A_file_of_something_else_is_left_as_it_is(string content, string problem)
    {
        byte[] bytes = Encoding.Latin1.GetBytes(content);
        File.WriteAllBytes(Results, bytes);

        Assert.Contains(problem, Assert.Throws<IOException>(() => Run(Train)).Message, StringComparison.Ordinal);

        Assert.Equal(bytes, File.ReadAllBytes(Results));
    }

    [Fact]
    public void A_mark_that_an_editor_puts_before_the_results_moves_no_cut()
    {
        Run(Train);
        byte[] expected = [.. Encoding.UTF8.Preamble, .. File.ReadAllBytes(Results)];
        File.WriteAllBytes(Results, expected[..^7]);

        Run(Train);

        Assert.Equal(expected, File.ReadAllBytes(Results));
    }

    [Fact]
    public void A_rate_that_diverges_is_a_result_that_nobody_chooses()
    {
        SweepReport report = Run(Train, Small with { LearningRates = [1e38, 0.5], ScheduleStep = ScheduleStep.PerIteration });
        Assert.Null(report.Trials[0].ValidationAccuracy);
        Assert.Equal(0.5, report.Best.LearningRate);
        Assert.Contains("diverged", report.Trials[0].ToString(), StringComparison.Ordinal);
        File.Delete(Results);
        Recipe hopeless = Small with { LearningRates = [1e38], ScheduleStep = ScheduleStep.PerIteration };
        Assert.Contains(
            "lower learning rates", Assert.Throws<InvalidOperationException>(() => Run(Train, hopeless)).Message, StringComparison.Ordinal);
    }

    /// <summary>With another seed or more images the best rate may be too high, and the same run never ends otherwise.</summary>
    [Fact]
    public void A_final_run_that_diverges_is_noted_and_ends_no_sweep()
    {
        Recipe recipe = Small with { Seeds = [1, 2] };
        Sweep Spoiled() => new(recipe, seed => new ToyTuner(_device, seed, spoiledUpdate: seed == 2 ? 3 : null), Results)
        {
            Progress = ProgressDisplay.Off,
            FinalCompleted = (run, _) => _runs.Add($"{run.Seed}"),
        };

        SweepReport report = Spoiled().Run(Train, Validation, Both, Test);
        SweepReport again = Spoiled().Run(Train, Validation, Both, Test);

        Assert.Equal(["1"], _runs);
        Assert.Equal("seed 2: diverged", report.Finals[1].ToString());
        Assert.Equal(report.Finals[0].TestAccuracy, report.Mean);
        Assert.EndsWith(
            " % with one seed\n1 of 2 final runs diverged: list lower learning rates", report.ToString(), StringComparison.Ordinal);
        Assert.Equal(report.ToString(), again.ToString());
    }

    [Fact]
    public void Test_maps_of_which_nothing_counts_are_refused_before_the_first_trial()
    {
        SegmentationSet Maps(byte label) => SegmentationSet.FromBytes(
            new(1, 4, 4), new byte[16], [.. Enumerable.Repeat(label, 16)], ["ground", "tree"], new(mean: 0, deviation: 1));
        var sweep = new Sweep(Small, _ => new PixelTuner(_device), Results) { TrialCompleted = trial => _runs.Add(trial.ToString()) };

        var error = Assert.Throws<ArgumentException>(
            () => sweep.Run(Maps(0), Maps(0), Maps(0), Maps(SegmentationFolder.DefaultIgnoredLabel)));

        Assert.StartsWith("No pixel of the test set counts", error.Message, StringComparison.Ordinal);
        Assert.Empty(_runs);
        Assert.Empty(_folder.Files);
    }

    [Fact]
    public void Mean_and_deviation_are_computed_as_the_authors_do()
    {
        // Their published runs of dmlab: 46.62 ± 0.47.
        double[] accuracies = [0.4688, 0.4625, 0.4614, 0.4741, 0.4644];
        var report = new SweepReport
        {
            Trials = [],
            Best = new Trial { LearningRate = 1, WeightDecay = 0.001 },
            Finals = [.. accuracies.Select((accuracy, i) => new FinalRun { Seed = i, TestAccuracy = accuracy, TrainLosses = [1] })],
        };
        Assert.Contains("46.62 ± 0.47 %", report.ToString(), StringComparison.Ordinal);
        Assert.EndsWith("test 46.88 % with one seed", (report with { Finals = report.Finals[..1] }).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Final_runs_need_a_test_set()
    {
        var sweep = new Sweep(Small, seed => new ToyTuner(_device, seed), Results);
        Assert.Throws<ArgumentException>(() => sweep.Run(Train, Validation, trainAndValidation: Both));
    }

    /// <summary>
    /// A model that calls every pixel by the most frequent class has the best accuracy and is of no use: what a fit keeps its best epoch by
    /// chooses the settings too.
    /// </summary>
    [Fact]
    public void Label_maps_are_judged_by_intersection_over_union()
    {
        byte[] labels = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1];
        SegmentationSet set = SegmentationSet.FromBytes(
            new(1, 4, 4), [.. Enumerable.Range(0, 16).Select(i => (byte)i)], labels, ["ground", "tree"], new(mean: 0, deviation: 1 / 255f));
        var sweep = new Sweep(
            Small with { LearningRates = [2, 1], WeightDecays = [0], Seeds = [1] }, _ => new PixelTuner(_device), Results)
        {
            Progress = ProgressDisplay.Off,
        };

        SweepReport report = sweep.Run(set, set, set, set);

        // At the higher rate 3 pixels too many are trees, at the lower none is.
        Assert.Equal(2, report.Best.LearningRate);
        Assert.Equal([0.525, 0.46875], report.Trials.Select(trial => trial.ValidationAccuracy!.Value));
        Assert.Equal(0.525, report.Finals.Single().TestAccuracy);
    }

    private SweepReport Run(IImageSource train, Recipe? recipe = null)
    {
        var sweep = new Sweep(recipe ?? Small, seed => new ToyTuner(_device, seed), Results)
        {
            Progress = ProgressDisplay.Off,
            CheckpointEverySteps = 2,
            TrialCompleted = trial => _runs.Add(trial.ToString()),
            FinalCompleted = (run, tuner) => _runs.Add($"{run.Seed} {tuner.ClassNames!.Count}"),
        };
        return sweep.Run(train, Validation, Both, Test);
    }

    private sealed class PixelTuner(Device device) : Tuner(device, new PixelProgram());

    /// <summary>Remembers its highest rate: above that of the lower trial it takes the last four pixels of an image for trees.</summary>
    private sealed class PixelProgram : ModelProgram
    {
        private const int Pixels = 16, Trees = 4;

        private float _highest;

        public override ModelDescription Model { get; } = new()
        {
            Name = "Pixels",
            Declaration = "pixels",
            Channels = 1,
            ImageSize = 4,
            Classes = 2,
            LabelsPerImage = Pixels,
            IgnoredLabel = SegmentationFolder.DefaultIgnoredLabel,
            Parameters = [new("highest", [1], ParameterKind.Head, true, 0, new(Distribution.Constant, 0))],
        };

        public override void SetBatch(ReadOnlySpan<float> images, ReadOnlySpan<int> labels)
        {
        }

        public override void Step()
        {
        }

        public override void Infer()
        {
        }

        public override void Update(in OptimizerUpdate update) => _highest = Math.Max(_highest, update.LearningRate);

        public override void ReadLogits(Span<float> logits) => throw new NotSupportedException();

        public override void ReadLogits(int image, Span<float> logits)
        {
            bool findsTrees = _highest > 1.5f * Small.BatchSize / 256;
            logits.Clear();
            for (int i = 0; i < Pixels; i++)
                logits[(2 * i) + (findsTrees && i >= Pixels - Trees ? 1 : 0)] = 1;
        }

        public override void ReadLosses(Span<float> losses) => losses.Fill(0.5f);

        public override void ReadCorrect(Span<float> correct) => correct.Clear();

        public override void Read(Slot source, Span<float> destination) =>
            destination.Fill(source.Region == Region.Trained ? _highest : 0);

        public override void Write(Slot destination, ReadOnlySpan<float> source)
        {
            if (destination.Region == Region.Trained)
                _highest = source[0];
        }

        public override void Dispose()
        {
        }
    }
}
