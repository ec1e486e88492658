using VptDsl.Training;
using VptDsl.Training.Recipes;

namespace VptDsl.Orleans.Tests;

/// <summary>
/// Protects successive halving: who goes on follows from accuracies alone, and a trial that paused ends as one that did not.
/// </summary>
public sealed class HalvingTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("vptdsl-halving-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void A_third_of_forty_goes_on_and_a_third_of_those()
    {
        Recipe recipe = TinySweep.Forty with { Epochs = 100, WarmupEpochs = 10, Halving = 3 };
        var plan = new SweepPlan(recipe, measures: true);
        var found = new SweepFindings();
        List<(int? Epochs, int Count)> stages = [];
        while (plan.Next(found) is { IsEmpty: false } next)
        {
            stages.Add((next[0].Epochs, next.Length));
            foreach (SweepRun run in next)
                found.Add(Made(run));
        }

        Assert.Equal([(12, 40), (34, 14), (null, 5), (null, 2)], stages);
        Assert.Equal(64, plan.Report(found).Best.LearningRate);
        Assert.Equal(26, plan.Report(found).Trials.Count(trial => trial.Epochs == 12));
    }

    [Fact]
    public void Those_that_diverge_do_not_go_on()
    {
        var plan = new SweepPlan(TinySweep.Recipe with { Halving = 2 }, measures: false);
        var found = new SweepFindings();
        foreach (SweepRun run in plan.Next(found))
            found.Add(new SweepLine { Trial = Made(run).Trial! with { ValidationAccuracy = run.LearningRate > 2 ? null : 0.5 } });

        Assert.All(plan.Next(found), run => Assert.InRange(run.LearningRate, 0, 2));
        Assert.Equal(4, plan.Next(found).Length);
    }

    [Fact]
    public void Where_all_that_went_on_diverge_later_the_next_go_on()
    {
        Recipe recipe = TinySweep.Recipe with { LearningRates = [1, 2, 4], WeightDecays = [0], Epochs = 9, WarmupEpochs = 0, Halving = 3 };
        var plan = new SweepPlan(recipe, measures: false);
        var found = new SweepFindings();
        List<string> made = [];
        while (plan.Next(found) is { IsEmpty: false } next)
        {
            foreach (SweepRun run in next)
            {
                made.Add(run.Key);
                SweepLine line = Made(run);
                bool diverges = run.LearningRate > 2 && run.Epochs is null;
                found.Add(diverges ? new SweepLine { Trial = line.Trial! with { ValidationAccuracy = null } } : line);
            }
        }

        Assert.Equal(["4-0@1", "2-0@1", "1-0@1", "4-0@3", "4-0", "2-0@3", "2-0"], made);
        Assert.Equal(2, plan.Report(found).Best.LearningRate);
    }

    [Fact]
    public void A_pause_changes_no_bit()
    {
        using Device device = Device.Cpu(threads: 1);
        SweepReport whole = Run(device, TinySweep.Recipe, "whole.jsonl", everySteps: 500);
        SweepReport halved = Run(device, TinySweep.Recipe with { Halving = 2 }, "halved.jsonl", everySteps: 0);

        Trial[] ended = [.. halved.Trials.Where(trial => trial.Epochs is null)];
        Assert.Equal(2, ended.Length);
        Assert.All(ended, trial => Assert.Contains(trial, whole.Trials));
        Assert.Empty(_folder.EnumerateFiles("*checkpoint*"));
    }

    private SweepReport Run(Device device, Recipe recipe, string results, int everySteps)
    {
        SweepWork work = new TinySweep().Open(TinySweep.Text, recipe, device);
        return new Sweep(recipe, work.Create, Path.Combine(_folder.FullName, results))
        {
            Progress = ProgressDisplay.Off,
            CheckpointEverySteps = everySteps,
        }.Run(work.Images.Train, work.Images.Validation);
    }

    /// <summary>A result that is the better, the larger the rate.</summary>
    private static SweepLine Made(SweepRun run) => run.IsFinal
        ? new SweepLine { Final = new FinalRun { Seed = run.Seed, TestAccuracy = 0.5, TrainLosses = [1] } }
        : new SweepLine
        {
            Trial = new Trial
            {
                LearningRate = run.LearningRate,
                WeightDecay = run.WeightDecay,
                ValidationAccuracy = run.LearningRate / 100,
                Epochs = run.Epochs,
            },
        };
}
