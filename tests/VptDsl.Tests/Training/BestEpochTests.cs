using VptDsl.Data;
using VptDsl.Training;

namespace VptDsl.Tests.Training;

/// <summary>The validation set chooses the epoch whose parameters stay, and ends a run that no longer improves.</summary>
public class BestEpochTests
{
    private static readonly ImageSet Train = ToySets.Numbered(4);
    private static readonly ImageSet Validation = ToySets.Numbered(10);
    private static readonly FitOptions Options = new() { Epochs = 6, BatchSize = 4, Progress = ProgressDisplay.Off };

    [Fact]
    public void The_best_epochs_parameters_are_put_back()
    {
        using var program = new ScriptedProgram(3, 8, 5, 7, 6, 2);

        FitReport report = Trainer.Fit(program, Train, Validation, Options);

        Assert.Equal(2, report.BestEpoch);
        Assert.Equal(0.8, report.Best.ValidationAccuracy);
        Assert.Equal([0.3, 0.8, 0.5, 0.7, 0.6, 0.2], report.Epochs.Select(e => e.ValidationAccuracy!.Value));
        Assert.Equal(2, program.Updates);
        Assert.False(report.StoppedEarly);
    }

    [Fact]
    public void Of_equally_good_epochs_the_earliest_is_kept()
    {
        using var program = new ScriptedProgram(3, 8, 8, 8, 6, 8);

        Assert.Equal(2, Trainer.Fit(program, Train, Validation, Options).BestEpoch);
        Assert.Equal(2, program.Updates);
    }

    [Fact]
    public void On_request_the_last_epochs_parameters_stay()
    {
        using var program = new ScriptedProgram(3, 8, 5, 7, 6, 2);

        FitReport report = Trainer.Fit(program, Train, Validation, Options with { KeepBest = false });

        Assert.Equal(2, report.BestEpoch);
        Assert.Equal(6, program.Updates);
    }

    [Fact]
    public void Without_a_validation_set_the_last_epoch_stays()
    {
        using var program = new ScriptedProgram(3, 8, 5, 7, 6, 2);

        FitReport report = Trainer.Fit(program, Train, null, Options);

        Assert.Equal(6, report.BestEpoch);
        Assert.Null(report.Best.ValidationAccuracy);
        Assert.Equal(6, program.Updates);
    }

    [Fact]
    public void It_stops_when_patience_runs_out_and_keeps_the_best()
    {
        using var program = new ScriptedProgram(3, 5, 4, 5, 9, 9);

        FitReport report = Trainer.Fit(program, Train, Validation, Options with { Patience = 2 });

        Assert.True(report.StoppedEarly);
        Assert.Equal(4, report.Epochs.Length);
        Assert.Equal(2, report.BestEpoch);
        Assert.Equal(2, program.Updates);
    }

    [Fact]
    public void An_improvement_renews_patience()
    {
        using var program = new ScriptedProgram(3, 2, 4, 3, 5, 4);

        FitReport report = Trainer.Fit(program, Train, Validation, Options with { Patience = 2 });

        Assert.False(report.StoppedEarly);
        Assert.Equal(6, report.Epochs.Length);
    }
}
