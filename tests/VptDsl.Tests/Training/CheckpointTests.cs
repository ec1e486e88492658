using VptDsl.Data;
using VptDsl.Programs;
using VptDsl.Tests.Weights;
using VptDsl.Training;
using VptDsl.Weights;

namespace VptDsl.Tests.Training;

/// <summary>
/// An interrupted run goes on from its checkpoint and ends with the same bits; a checkpoint that cannot be trusted is refused.
/// </summary>
public sealed class CheckpointTests : IDisposable
{
    private static readonly ImageSet Train = ToySets.BrightRows(22, seed: 1), Validation = ToySets.BrightRows(9, seed: 2);

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string CheckpointPath => _folder.Path("run");

    private FitOptions Options => new()
    {
        Epochs = 4,
        BatchSize = 6,
        BaseLearningRate = 5,
        Seed = 1,
        Augmentation = [new RandomCrop(1)],
        Progress = ProgressDisplay.Off,
        Checkpoint = new Checkpoint(CheckpointPath) { EverySteps = 3 },
    };

    [Theory]
    [InlineData(OptimizerKind.Sgd, true, false)]
    [InlineData(OptimizerKind.AdamW, true, false)]
    [InlineData(OptimizerKind.AdamW, false, false)]
    [InlineData(OptimizerKind.AdamW, true, true)]
    public void A_run_interrupted_at_any_image_ends_with_the_same_bits(OptimizerKind kind, bool validates, bool stages)
    {
        FitOptions options = Options with
        {
            Optimizer = kind == OptimizerKind.Sgd ? Optimizer.Sgd : Optimizer.AdamW with { WeightDecay = 0.1f },
        };
        ImageSet? validation = validates ? Validation : null;
        (FitReport expected, float[] trained) = Fit(options with { Checkpoint = null }, Train, validation);

        int allReads = options.Epochs * Train.Count;
        for (int reads = 0; reads < allReads; reads += 5)
        {
            // A process that is killed leaves what was saved before; one that hears of its end saves where it stands.
            bool isKilled = reads % 2 == 0;
            string left = CheckpointPath + ".left";
            File.Delete(left);
            Assert.Throws<DeathException>(() =>
                Fit(options, new DyingSource(Train, reads, () => Copy(CheckpointPath, left)), validation, stages));
            if (isKilled)
                Replace(left, CheckpointPath);
            (FitReport report, float[] resumed) = Fit(options, Train, validation, stages);
            AssertSame(expected, report);
            Assert.Equal(trained, resumed);
            File.Delete(CheckpointPath);
        }
    }

    [Fact]
    public void A_run_may_be_interrupted_again_and_again()
    {
        (_, float[] trained) = Fit(Options with { Checkpoint = null }, Train, Validation);
        FitOptions options = Options with { Checkpoint = new Checkpoint(CheckpointPath) { EverySteps = 1 } };
        for (int deaths = 0; ; deaths++)
        {
            Assert.True(deaths < 100, "the run makes no progress");
            try
            {
                (_, float[] resumed) = Fit(options, new DyingSource(Train, 25), Validation);
                Assert.Equal(trained, resumed);
                Assert.True(deaths > 2);
                return;
            }
            catch (DeathException)
            {
            }
        }
    }

    [Fact]
    public void A_run_that_stopped_early_stops_early_again()
    {
        FitOptions options = Options with { Epochs = 40, Patience = 1 };
        (FitReport expected, _) = Fit(options with { Checkpoint = null }, Train, Validation);
        Assert.True(expected.StoppedEarly);
        Assert.Throws<DeathException>(() => Fit(options, new DyingSource(Train, 30), Validation));
        AssertSame(expected, Fit(options, Train, Validation).Report);
    }

    [Fact]
    public void A_finished_run_gives_its_result_again_at_once()
    {
        (FitReport report, float[] trained) = Fit(Options, Train, Validation);
        (FitReport again, float[] trainedAgain) = Fit(Options, new DyingSource(Train, 0), Validation);
        AssertSame(report, again);
        Assert.Equal(trained, trainedAgain);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_run_that_an_error_ends_saves_where_it_stands_and_says_so(bool stages)
    {
        FitOptions options = Options with
        {
            Checkpoint = new Checkpoint(CheckpointPath) { EverySteps = 1000 },
            Progress = ProgressDisplay.Lines,
        };
        (FitReport expected, float[] trained) = Fit(Options with { Checkpoint = null }, Train, Validation);
        using var output = new StringWriter();
        using var program = new SoftmaxRegression(3, 3) { Stages = stages };

        Assert.Throws<DeathException>(() => Trainer.Fit(program, new DyingSource(Train, 40), Validation, options, Consoles.To(output)));

        Assert.Contains(
            "An error ended the run. The run was stopped in epoch 2, after step",
            output.ToString().ReplaceLineEndings(" "),
            StringComparison.Ordinal);
        (FitReport report, float[] resumed) = Fit(options, Train, Validation);
        AssertSame(expected, report);
        Assert.Equal(trained, resumed);
    }

    [Fact]
    public void A_callback_that_throws_loses_nothing()
    {
        FitOptions options = Options with { Checkpoint = new Checkpoint(CheckpointPath) { EverySteps = 1000 } };
        (_, float[] trained) = Fit(Options with { Checkpoint = null }, Train, Validation);

        Assert.Throws<DeathException>(() => Fit(options with { EpochCompleted = _ => throw new DeathException() }, Train, Validation));

        Assert.True(File.Exists(CheckpointPath));
        Assert.Equal(trained, Fit(options, Train, Validation).Trained);
    }

    /// <summary>A second batch on the device saves time, and nothing else.</summary>
    [Fact]
    public void A_device_without_room_for_the_next_batch_trains_on()
    {
        FitOptions options = Options with { Checkpoint = null };
        using var program = new SoftmaxRegression(3, 3) { Stages = true, HasNoRoomToStage = true };
        FitReport report = Trainer.Fit(program, Train, Validation, options);

        (FitReport expected, float[] trained) = Fit(options, Train, Validation);
        AssertSame(expected, report);
        Assert.Equal(trained, program.Trained);
    }

    /// <summary>What is left to do is the end alone: the parameters of the best epoch, and the file of the result.</summary>
    [Theory]
    [InlineData(1000)]
    [InlineData(1)]
    public void A_run_that_ended_after_its_last_epoch_goes_on_to_its_end(int everySteps)
    {
        FitOptions options = Options with { Checkpoint = new Checkpoint(CheckpointPath) { EverySteps = everySteps } };
        (FitReport expected, float[] trained) = Fit(Options with { Checkpoint = null }, Train, Validation);
        FitOptions dying = options with
        {
            EpochCompleted = report =>
            {
                if (report.Epoch == options.Epochs)
                    throw new DeathException();
            },
        };

        Assert.Throws<DeathException>(() => Fit(dying, Train, Validation));

        for (int again = 0; again < 2; again++)
        {
            (FitReport report, float[] resumed) = Fit(options, Train, Validation);
            AssertSame(expected, report);
            Assert.Equal(trained, resumed);
        }
    }

    [Fact]
    public void A_run_on_the_same_images_under_other_names_is_refused()
    {
        Assert.Throws<DeathException>(() => Fit(Options, new DyingSource(Train, 40), Validation));
        AssertRefused(
            "classes: \"top, middle, bottom\" there, \"a, b, c\" here",
            () => Fit(
                Options,
                new RelabelledSource(Train, [0, 1, 2], ["a", "b", "c"], ignored: 255),
                ToySets.BrightRows(Validation.Count, seed: 2)));
    }

    [Fact]
    public void A_cancelled_run_saves_where_it_stands()
    {
        using var cancellation = new CancellationTokenSource();
        FitOptions options = Options with
        {
            Checkpoint = new Checkpoint(CheckpointPath) { EverySteps = 1000 },
            EpochCompleted = report => { if (report.Epoch == 2) cancellation.Cancel(); },
        };
        using var program = new SoftmaxRegression(3, 3);
        string message =
            Assert.Throws<OperationCanceledException>(() => Trainer.Fit(program, Train, Validation, options, cancellation.Token)).Message;
        Assert.Contains($"stopped in epoch 3, after step 0. It is saved in {CheckpointPath}", message, StringComparison.Ordinal);

        using var resumed = new SoftmaxRegression(3, 3);
        Trainer.Fit(resumed, Train, Validation, options with { EpochCompleted = null });
        Assert.Equal(2 * 4, resumed.Batches.Count);
        Assert.Equal(9, resumed.Updates[0].Number);
    }

    [Fact]
    public void The_display_says_that_a_run_goes_on()
    {
        Assert.Throws<DeathException>(() => Fit(Options, new DyingSource(Train, 40), Validation));
        using var output = new StringWriter();
        using var program = new SoftmaxRegression(3, 3);
        Trainer.Fit(program, Train, Validation, Options with { Progress = ProgressDisplay.Lines }, Consoles.To(output));
        Assert.Contains("going on in epoch 2, after step 3", output.ToString(), StringComparison.Ordinal);
    }

    public static TheoryData<string, Func<FitOptions, FitOptions>> OtherOptions => new()
    {
        { "seed: \"1\" there, \"2\" here", options => options with { Seed = 2 } },
        { "batch size", options => options with { BatchSize = 5 } },
        { "peak learning rate", options => options with { BaseLearningRate = 4 } },
        { "epochs", options => options with { Epochs = 5 } },
        { "optimizer", options => options with { Optimizer = Optimizer.Sgd with { WeightDecay = 0.2f } } },
        { "augmentation", options => options with { Augmentation = [new RandomCrop(2)] } },
        { "schedule", options => options with { ScheduleStep = ScheduleStep.PerEpoch } },
        { "keep best", options => options with { KeepBest = false } },
        { "patience", options => options with { Patience = 9 } },
    };

    [Theory]
    [MemberData(nameof(OtherOptions), DisableDiscoveryEnumeration = true)]
    public void A_run_with_other_options_is_refused(string difference, Func<FitOptions, FitOptions> change)
    {
        Assert.Throws<DeathException>(() => Fit(Options, new DyingSource(Train, 40), Validation));
        AssertRefused(difference, () => Fit(change(Options), Train, Validation));
    }

    [Fact]
    public void A_run_on_other_images_or_from_other_values_is_refused()
    {
        Assert.Throws<DeathException>(() => Fit(Options, new DyingSource(Train, 40), Validation));
        AssertRefused("training set: \"22 images", () => Fit(Options, ToySets.BrightRows(23, seed: 1), Validation));
        AssertRefused("validation set", () => Fit(Options, Train, null));
        AssertRefused("start", () =>
        {
            using var program = new SoftmaxRegression(3, 3);
            program.Trained[0] = 1;
            return (Trainer.Fit(program, Train, Validation, Options), program.Trained);
        });
    }

    /// <remarks>Without tensor cores a precision says nothing: a run moves freely between devices that have none.</remarks>
    [Theory]
    [InlineData(Precision.BFloat16, true, "\"BFloat16\" there, \"none\" here")]
    [InlineData(Precision.TensorFloat32, true, "\"TensorFloat32\" there, \"none\" here")]
    [InlineData(Precision.Float32, true, null)]
    [InlineData(Precision.BFloat16, false, null)]
    [InlineData(null, true, null)]
    public void A_run_goes_on_in_its_own_precision_alone(Precision? precision, bool hasTensorCores, string? difference)
    {
        using Device cpu = Device.Cpu(1), other = new NamedDevice(hasTensorCores);
        Assert.Throws<DeathException>(() => FitOn(other, new DyingSource(Train, 40)));
        if (difference is null)
            FitOn(cpu, Train);
        else
            AssertRefused("precision: " + difference, () => FitOn(cpu, Train));

        (FitReport, float[]) FitOn(Device device, IImageSource train)
        {
            using var program = new SoftmaxRegression(3, 3, precision: precision) { RunsOn = device };
            return (Trainer.Fit(program, train, Validation, Options), program.Trained);
        }
    }

    /// <remarks>On the CPU too: what the backward pass reads is then another on every device.</remarks>
    [Fact]
    public void A_run_that_saves_in_bfloat16_is_none_that_saves_in_float32()
    {
        Assert.Throws<DeathException>(() => FitOn(Precision.BFloat16, new DyingSource(Train, 40)));
        AssertRefused("saved activations: \"BFloat16\" there, \"none\" here", () => FitOn(Precision.Float32, Train));
        FitOn(Precision.BFloat16, Train);

        (FitReport, float[]) FitOn(Precision savedActivations, IImageSource train)
        {
            using var program = new SoftmaxRegression(3, 3, savedActivations: savedActivations);
            return (Trainer.Fit(program, train, Validation, Options), program.Trained);
        }
    }

    [Fact]
    public void What_changes_no_result_may_change()
    {
        Assert.Throws<DeathException>(() => Fit(Options, new DyingSource(Train, 40), Validation));
        Fit(Options with { FeatureCacheBytes = 0, Checkpoint = new Checkpoint(CheckpointPath) { EverySteps = 7 } }, Train, Validation);
    }

    [Fact]
    public void Truncations_and_flipped_bytes_anywhere_are_found_and_changes_nothing()
    {
        Assert.Throws<DeathException>(() => Fit(Options, new DyingSource(Train, 40), Validation));
        byte[] good = File.ReadAllBytes(CheckpointPath);
        var random = new Random(1);
        for (int i = 0; i < good.Length; i += 5)
        {
            AssertDamaged(good[..i]);
            byte[] flipped = [.. good];
            flipped[i] ^= (byte)(1 << random.Next(8));
            AssertDamaged(flipped);
        }
    }

    [Fact]
    public void A_half_written_file_of_a_crash_is_passed_over_and_cleared_away()
    {
        (_, float[] trained) = Fit(Options with { Checkpoint = null }, Train, Validation);
        Assert.Throws<DeathException>(() => Fit(Options, new DyingSource(Train, 40), Validation));
        byte[] half = File.ReadAllBytes(CheckpointPath)[..200];
        _folder.Write($"run.{Path.GetRandomFileName()}.partial", half);
        Assert.Equal(trained, Fit(Options, Train, Validation).Trained);
        Assert.Equal(["run"], _folder.Files);
    }

    [Fact]
    public void A_task_file_or_a_directory_in_its_place_is_an_error()
    {
        SafetensorsWriter.Write(CheckpointPath, [new TensorToWrite("a", [1], [1f])]);
        AssertRefused("not a checkpoint", () => Fit(Options, Train, Validation));
        File.Delete(CheckpointPath);
        Directory.CreateDirectory(CheckpointPath);
        Assert.Contains(
            "this is a directory", Assert.Throws<IOException>(() => Fit(Options, Train, Validation)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_save_that_fails_in_mid_run_is_said_once_and_tried_again()
    {
        (_, float[] expected) = Fit(Options with { Checkpoint = null }, Train, Validation);
        FitOptions options = Options with { EpochCompleted = report => Obstruct(from: 1, to: 3, report.Epoch) };

        (FitReport report, float[] trained) = Fit(options, Train, Validation);

        Assert.Equal(expected, trained);
        Assert.Contains("The checkpoint could not be written", Assert.Single(report.Warnings), StringComparison.Ordinal);
        Assert.Equal(["run"], _folder.Files);
        AssertSame(report, Fit(Options, new DyingSource(Train, 0), Validation).Report);
    }

    [Fact]
    public void A_save_that_fails_at_the_end_is_an_error_that_leaves_the_result_in_the_model()
    {
        (_, float[] expected) = Fit(Options with { Checkpoint = null }, Train, Validation);
        using var program = new SoftmaxRegression(3, 3);
        FitOptions options = Options with { EpochCompleted = report => Obstruct(from: 1, to: 9, report.Epoch) };

        string message = Assert.ThrowsAny<IOException>(() => Trainer.Fit(program, Train, Validation, options)).Message;

        Assert.EndsWith("The run has ended and the model has its result: SaveTask writes it elsewhere.", message, StringComparison.Ordinal);
        Assert.Equal(expected, program.Trained);
    }

    /// <summary>Puts a directory in the checkpoint's place after an epoch, and takes it away after another.</summary>
    private void Obstruct(int from, int to, int epoch)
    {
        if (epoch == from)
        {
            File.Delete(CheckpointPath);
            Directory.CreateDirectory(CheckpointPath);
        }
        else if (epoch == to)
        {
            Directory.Delete(CheckpointPath);
        }
    }

    [Fact]
    public void Saving_every_zero_steps_makes_no_sense()
    {
        FitOptions options = Options with { Checkpoint = new Checkpoint(CheckpointPath) { EverySteps = 0 } };
        Assert.Contains(
            "EverySteps must be at least 1",
            Assert.Throws<ArgumentOutOfRangeException>(() => Fit(options, Train, null)).Message,
            StringComparison.Ordinal);
    }

    private void AssertDamaged(byte[] content)
    {
        File.WriteAllBytes(CheckpointPath, content);
        using var program = new SoftmaxRegression(3, 3);
        var error = Assert.Throws<WeightFileException>(() => Trainer.Fit(program, Train, Validation, Options));
        Assert.Contains(CheckpointPath, error.Message, StringComparison.Ordinal);
        Assert.Contains("file", error.Message, StringComparison.Ordinal);
        Assert.All(program.Trained, value => Assert.Equal(0, value));
    }

    private static void AssertRefused(string difference, Func<(FitReport, float[])> fit)
    {
        var error = Assert.Throws<WeightFileException>(() => fit());
        Assert.Contains(difference, error.Message, StringComparison.Ordinal);
        Assert.Contains("file of its own", error.Message, StringComparison.Ordinal);
    }

    private static void AssertSame(FitReport expected, FitReport actual)
    {
        Assert.Equal(expected.BestEpoch, actual.BestEpoch);
        Assert.Equal(expected.StoppedEarly, actual.StoppedEarly);
        Assert.Equal(expected.Epochs.Select(Timeless), actual.Epochs.Select(Timeless));
    }

    private static EpochReport Timeless(EpochReport report) => report with { Seconds = 0, ImagesPerSecond = 0 };

    private static void Copy(string from, string to)
    {
        if (File.Exists(from))
            File.Copy(from, to, overwrite: true);
    }

    private static void Replace(string from, string to)
    {
        File.Delete(to);
        if (File.Exists(from))
            File.Move(from, to);
    }

    private static (FitReport Report, float[] Trained) Fit(
        FitOptions options, IImageSource train, IImageSource? validation, bool stages = false)
    {
        using var program = new SoftmaxRegression(3, 3) { Stages = stages };
        return (Trainer.Fit(program, train, validation, options), program.Trained);
    }
}
