using VptDsl.Training;

namespace VptDsl.Tests.Training;

/// <summary>A loss that is no number stops the run at once and says where and what to do.</summary>
public class DivergenceTests
{
    private static readonly FitOptions Options = new()
    {
        Epochs = 3,
        BatchSize = 16,
        BaseLearningRate = 1,
        Progress = ProgressDisplay.Off,
    };

    [Fact]
    public void A_bad_loss_names_its_epoch_and_step()
    {
        // Three steps an epoch: the fifth update spoils what step 3 of epoch 2 computes.
        using var program = new SoftmaxRegression(3, 3) { SpoiledUpdate = 5 };

        TrainingDivergedException error = Assert.Throws<TrainingDivergedException>(
            () => Trainer.Fit(program, ToySets.BrightRows(48, seed: 1), null, Options));

        Assert.Equal((2, 3), (error.Epoch, error.Step));
        Assert.Contains("epoch 2, step 3", error.Message);
        Assert.Contains("NaN", error.Message);
        Assert.Contains("BaseLearningRate", error.Message);
        Assert.Equal(5, program.Updates.Count);
    }

    [Fact]
    public void Without_a_best_epoch_the_parameters_are_those_that_the_run_began_with()
    {
        using var program = new SoftmaxRegression(3, 3) { SpoiledUpdate = 2 };
        program.Trained[0] = 0.25f;
        float[] before = [.. program.Trained];

        Assert.Throws<TrainingDivergedException>(() => Trainer.Fit(program, ToySets.BrightRows(48, seed: 1), null, Options));
        Assert.Equal(before, program.Trained);

        using var validated = new SoftmaxRegression(3, 3) { SpoiledUpdate = 2 };
        Assert.Throws<TrainingDivergedException>(
            () => Trainer.Fit(validated, ToySets.BrightRows(48, seed: 1), ToySets.BrightRows(9, seed: 2), Options));
        Assert.All(validated.Trained, value => Assert.Equal(0, value));
    }

    [Fact]
    public void The_last_update_is_checked_too()
    {
        using var program = new SoftmaxRegression(3, 3) { SpoiledUpdate = 9 };

        TrainingDivergedException error = Assert.Throws<TrainingDivergedException>(
            () => Trainer.Fit(program, ToySets.BrightRows(48, seed: 1), null, Options));

        Assert.Equal((3, 3), (error.Epoch, error.Step));
    }

    [Fact]
    public void A_bad_validation_loss_stops_and_the_best_epoch_so_far_is_put_back()
    {
        using var program = new SoftmaxRegression(3, 3) { SpoiledUpdate = 6 };
        float[]? afterFirst = null;
        FitOptions options = Options with { EpochCompleted = report => afterFirst ??= [.. program.Trained] };

        TrainingDivergedException error = Assert.Throws<TrainingDivergedException>(
            () => Trainer.Fit(program, ToySets.BrightRows(48, seed: 1), ToySets.BrightRows(9, seed: 2), options));

        Assert.Equal((2, 3), (error.Epoch, error.Step));
        Assert.Contains("validation", error.Message);
        Assert.Equal(afterFirst, program.Trained);
    }
}
