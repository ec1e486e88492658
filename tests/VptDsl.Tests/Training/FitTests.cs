using System.Runtime.InteropServices;
using VptDsl.Data;
using VptDsl.Programs;
using VptDsl.Training;

namespace VptDsl.Tests.Training;

/// <summary>The training loop learns, is reproducible from its seed, and keeps what it promises about batches, rates and reports.</summary>
public class FitTests
{
    private static readonly FitOptions Options = new()
    {
        Epochs = 10,
        BatchSize = 16,
        BaseLearningRate = 5,
        Seed = 1,
        Progress = ProgressDisplay.Off,
    };

    [Theory]
    [InlineData(OptimizerKind.Sgd, 5.0)]
    [InlineData(OptimizerKind.AdamW, 0.5)]
    public void It_learns_what_can_be_learned(OptimizerKind kind, double rate)
    {
        using var program = new SoftmaxRegression(imageSize: 3, classes: 3);
        Optimizer optimizer = kind == OptimizerKind.Sgd ? Optimizer.Sgd : Optimizer.AdamW;

        FitReport report = Trainer.Fit(
            program, ToySets.BrightRows(90, seed: 1), ToySets.BrightRows(30, seed: 2),
            Options with { Optimizer = optimizer, BaseLearningRate = rate });

        Assert.Equal(10, report.Epochs.Length);
        (double before, double after) = (report.Epochs[0].TrainLoss, report.Epochs[^1].TrainLoss);
        Assert.True(after < before / 2, $"the loss went from {before} to {after}");
        Assert.True(report.Best.ValidationAccuracy >= 0.9, $"{report.Best.ValidationAccuracy}");
        Assert.True(Trainer.Evaluate(program, ToySets.BrightRows(300, seed: 3)).Accuracy >= 0.9);
    }

    [Fact]
    public void The_same_seed_gives_the_same_bytes_and_another_seed_others()
    {
        byte[] Run(long seed)
        {
            using var program = new SoftmaxRegression(3, 3);
            FitOptions options = Options with { Seed = seed, Augmentation = [new RandomHorizontalFlip(), new RandomCrop(1)] };
            Trainer.Fit(program, ToySets.BrightRows(50, seed: 1), null, options);
            return MemoryMarshal.AsBytes<float>(program.Trained).ToArray();
        }

        Assert.Equal(Run(1), Run(1));
        Assert.NotEqual(Run(1), Run(2));
    }

    [Theory]
    [InlineData(OptimizerKind.Sgd)]
    [InlineData(OptimizerKind.AdamW)]
    public void A_fit_does_not_depend_on_the_one_before(OptimizerKind kind)
    {
        FitOptions options = Options with { Optimizer = kind == OptimizerKind.Sgd ? Optimizer.Sgd : Optimizer.AdamW, Epochs = 2 };
        ImageSet train = ToySets.BrightRows(50, seed: 1);
        using var fresh = new SoftmaxRegression(3, 3);
        using var used = new SoftmaxRegression(3, 3);
        Trainer.Fit(used, ToySets.BrightRows(30, seed: 9), null, options);
        Array.Clear(used.Trained);

        Trainer.Fit(fresh, train, null, options);
        Trainer.Fit(used, train, null, options);

        Assert.Equal(fresh.Trained, used.Trained);
    }

    [Fact]
    public void Every_image_is_seen_once_an_epoch_and_the_last_batch_may_be_smaller()
    {
        using var program = new SoftmaxRegression(3, 3);

        Trainer.Fit(program, ToySets.BrightRows(37, seed: 1), null, Options with { Epochs = 2 });

        Assert.Equal([16, 16, 5, 16, 16, 5], program.Batches);
    }

    [Fact]
    public void A_set_smaller_than_a_batch_is_one_batch()
    {
        using var program = new SoftmaxRegression(3, 3);

        Trainer.Fit(program, ToySets.BrightRows(5, seed: 1), null, Options with { Epochs = 2, BatchSize = 1000 });

        Assert.Equal([5, 5], program.Batches);
    }

    [Fact]
    public void The_training_loss_is_the_mean_over_images_not_over_batches()
    {
        // At rate 0 nothing changes, so the loss of an epoch is the loss of the set.
        using var program = new SoftmaxRegression(3, 3);
        ImageSet train = ToySets.BrightRows(37, seed: 1);
        var random = new RandomStream(7);
        foreach (ref float value in program.Trained.AsSpan())
            value = random.NextNormal();

        FitReport report = Trainer.Fit(program, train, train, Options with { Epochs = 1, BaseLearningRate = 0 });

        Evaluation expected = Trainer.Evaluate(program, train, batchSize: 1);
        Assert.Equal(expected.MeanLoss, report.Epochs[0].TrainLoss, 1e-5);
        Assert.Equal(expected.MeanLoss, report.Epochs[0].ValidationLoss!.Value, 1e-12);
        Assert.Equal(expected.Accuracy, report.Epochs[0].TrainAccuracy);
        Assert.Equal(expected.Accuracy, report.Epochs[0].ValidationAccuracy);
    }

    [Fact]
    public void Each_update_carries_the_schedules_rate_its_number_and_the_optimisers_settings()
    {
        using var program = new SoftmaxRegression(3, 3);
        FitOptions options = Options with { Epochs = 4, Optimizer = Optimizer.Sgd with { WeightDecay = 0.25f } };

        FitReport report = Trainer.Fit(program, ToySets.BrightRows(37, seed: 1), null, options);

        var schedule = new LearningRateSchedule(5 * 16 / 256.0, 0.8, 4, 3, ScheduleStep.PerIteration);
        Assert.Equal(12, program.Updates.Count);
        for (int i = 0; i < 12; i++)
        {
            Assert.Equal(i + 1, program.Updates[i].Number);
            Assert.Equal((float)schedule.At(i / 3, i % 3), program.Updates[i].LearningRate);
        }

        Assert.Equal(schedule.At(3, 2), report.Epochs[3].LearningRate);
        Assert.Equal(0.9f, program.Updates[0].Momentum);
        Assert.Equal(0.25f, program.Updates[0].WeightDecay);
        Assert.Equal(DecayedParameters.AllButHeadBias, program.Updates[0].Decayed);
    }

    [Fact]
    public void Stepped_per_epoch_the_first_epoch_changes_nothing()
    {
        using var program = new SoftmaxRegression(3, 3);
        float[]? afterFirst = null;
        FitOptions options = Options with
        {
            ScheduleStep = ScheduleStep.PerEpoch,
            EpochCompleted = report => afterFirst ??= [.. program.Trained],
        };

        Trainer.Fit(program, ToySets.BrightRows(50, seed: 1), null, options);

        Assert.All(afterFirst!, value => Assert.Equal(0, value));
        Assert.Contains(program.Trained, value => value != 0);
    }

    [Fact]
    public void A_step_allocates_nothing()
    {
        using var program = new SoftmaxRegression(3, 3);
        FitOptions options = Options with { Epochs = 2, BatchSize = 8, Augmentation = [new RandomHorizontalFlip(), new RandomCrop(1)] };

        Trainer.Fit(program, ToySets.BrightRows(803, seed: 1), null, options);

        // Steps 101 to 200 are the second epoch; the first has paid for what is made only once.
        // The thread pool may have to make a thread, or room for its work, on this one: what a step allocates it allocates in each.
        int[] allocating = [.. Enumerable.Range(103, 99).Where(step => program.Allocated[step] != program.Allocated[step - 1])];
        Assert.InRange(allocating.Length, 0, 9);
    }

    [Fact]
    public void Cancelling_stops_between_steps()
    {
        using var program = new SoftmaxRegression(3, 3);
        using var cancellation = new CancellationTokenSource();
        FitOptions options = Options with { EpochCompleted = report => cancellation.Cancel() };

        Assert.Throws<OperationCanceledException>(
            () => Trainer.Fit(program, ToySets.BrightRows(32, seed: 1), null, options, cancellation.Token));
        Assert.Equal(2, program.Batches.Count);
    }
}
