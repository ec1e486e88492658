using System.Collections.Immutable;
using VptDsl.Compiler;
using VptDsl.Data;
using VptDsl.Programs;
using VptDsl.Testing.Declarations;
using VptDsl.Tests.Weights;
using VptDsl.Training;
using VptDsl.Weights;

namespace VptDsl.Tests.Training;

/// <summary>
/// Soft targets, pieces of batches, shortened gradients and averages do what their definitions say, and go on after a stop.
/// </summary>
public sealed class FineTuningTests : IDisposable
{
    private static readonly IImageSource Train = ToySets.BrightRows(22, seed: 1), Validation = ToySets.BrightRows(10, seed: 2);

    private readonly TempFolder _folder = new();

    public static TheoryData<string, Func<FitOptions, FitOptions>> Recipes => new()
    {
        { "label smoothing", options => options with { LabelSmoothing = 0.1 } },
        { "mixup", options => options with { Mixup = new Mixup { Alpha = 0.8, CutmixAlpha = 1 } } },
        { "micro-batch size", options => options with { MicroBatchSize = 2 } },
        { "maximum gradient norm", options => options with { MaximumGradientNorm = 0.05 } },
        { "average", options => options with { Average = new ParameterAverage { Decay = 0.9 } } },
        { "average", options => options with { Average = new ParameterAverage { Warmup = true }, KeepBest = false } },
        {
            "mixup", options => options with
            {
                Mixup = new Mixup { CutmixAlpha = 1 },
                LabelSmoothing = 0.1,
                MicroBatchSize = 4,
                MaximumGradientNorm = 1,
                Average = new ParameterAverage { Decay = 0.8 },
            }
        },
    };

    private static FitOptions Options => new()
    {
        Epochs = 4,
        BatchSize = 6,
        BaseLearningRate = 0.5,
        ScaleLearningRate = false,
        Seed = 5,
        Progress = ProgressDisplay.Off,
    };

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Recipes), DisableDiscoveryEnumeration = true)]
    public void A_killed_run_ends_with_the_bits_of_one_that_was_not(string _, Func<FitOptions, FitOptions> recipe)
    {
        FitOptions options = recipe(Options);
        foreach (int images in new[] { 3, 20, 27, 50, 70 })
        {
            FitOptions saved = options with { Checkpoint = new Checkpoint(_folder.Path($"run{images}")) { EverySteps = 1 } };
            (FitReport expected, float[] trained) = Fit(options);
            Assert.Throws<DeathException>(() => Fit(saved, new DyingSource(Train, images)));
            (FitReport report, float[] resumed) = Fit(saved);

            Assert.Equal(trained, resumed);
            Assert.Equal(expected.Epochs.Select(Timeless), report.Epochs.Select(Timeless));
            Assert.Equal(expected.BestEpoch, report.BestEpoch);
        }
    }

    [Theory]
    [MemberData(nameof(Recipes), DisableDiscoveryEnumeration = true)]
    public void It_is_another_run_than_one_without(string name, Func<FitOptions, FitOptions> recipe)
    {
        FitOptions saved = Options with { Checkpoint = new Checkpoint(_folder.Path("run")) };
        Fit(saved);
        float[] plain = Fit(Options).Trained;

        Assert.Contains($"{name}: \"none\" there", Assert.Throws<WeightFileException>(() => Fit(recipe(saved))).Message);
        Assert.NotEqual(plain, Fit(recipe(Options)).Trained);
    }

    [Fact]
    public void A_batch_in_pieces_takes_the_steps_of_the_whole_batch()
    {
        foreach (FitOptions options in new[] { Options, Options with { Mixup = new Mixup { CutmixAlpha = 1 }, LabelSmoothing = 0.1 } })
        {
            using var whole = new SoftmaxRegression(3, 3);
            Trainer.Fit(whole, Train, null, options);
            foreach (int piece in new[] { 2, 4 })
            {
                using var program = new SoftmaxRegression(3, 3, largestBatch: 4);
                Trainer.Fit(program, Train, null, options with { MicroBatchSize = piece });

                Assert.All(program.Batches, batch => Assert.True(batch <= piece));
                Assert.All(whole.Trained.Zip(program.Trained), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
                Assert.Equal(4 * 4, program.Updates.Count);
            }
        }
    }

    [Fact]
    public void Gradients_are_shortened_to_the_norm_as_PyTorch_shortens_them()
    {
        using var free = new SoftmaxRegression(3, 3);
        using var clipped = new SoftmaxRegression(3, 3);
        FitOptions one = Options with { Epochs = 1, BatchSize = 22, WarmupEpochs = 0, Optimizer = Optimizer.Sgd with { WeightDecay = 0 } };
        Trainer.Fit(free, Train, null, one);
        double norm = Math.Sqrt(free.Trained.Sum(value => value * value)) / free.Updates[0].LearningRate;
        Trainer.Fit(clipped, Train, null, one with { MaximumGradientNorm = norm / 3 });

        double share = norm / 3 / (norm + 1e-6);
        Assert.All(free.Trained.Zip(clipped.Trained), pair => Assert.Equal(share * pair.First, pair.Second, 1e-6));
        using var loose = new SoftmaxRegression(3, 3);
        Trainer.Fit(loose, Train, null, one with { MaximumGradientNorm = 2 * norm });
        Assert.Equal(free.Trained, loose.Trained);
    }

    [Fact]
    public void The_average_is_what_is_measured_and_what_stays()
    {
        var average = new ParameterAverage { Decay = 0.7 };
        double[]? expected = null;
        using var program = new SoftmaxRegression(3, 3);
        program.Updated = () => expected = expected is null
            ? [.. program.Trained.Select(value => (double)value)]
            : [.. expected.Zip(program.Trained, (mean, value) => (0.7 * mean) + (0.3 * value))];
        double loss = 0;

        FitReport report = Trainer.Fit(program, Train, Validation, Options with { Average = average, KeepBest = false });
        loss = Trainer.Evaluate(program, Validation).MeanLoss;

        Assert.All(expected!.Zip(program.Trained), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
        Assert.Equal(loss, report.Epochs[^1].ValidationLoss!.Value, 1e-9);
    }

    [Fact]
    public void Whoever_is_told_of_an_epoch_finds_the_average_that_was_measured()
    {
        FitOptions options = Options with { Average = new ParameterAverage { Decay = 0.7 } };
        (FitReport expected, float[] trained) = Fit(options);
        var found = new List<double>();
        using var program = new SoftmaxRegression(3, 3);

        FitReport report = Trainer.Fit(program, Train, Validation, options with
        {
            EpochCompleted = _ => found.Add(Trainer.Evaluate(program, Validation).MeanLoss),
        });

        Assert.Equal(report.Epochs.Select(epoch => epoch.ValidationLoss!.Value), found);
        Assert.Equal(expected.Epochs.Select(Timeless), report.Epochs.Select(Timeless));
        Assert.Equal(trained, program.Trained);
    }

    [Fact]
    public void A_run_goes_on_with_what_it_trains_when_whoever_is_told_of_its_average_fails()
    {
        FitOptions options = Options with { Average = new ParameterAverage { Decay = 0.7 } };
        FitOptions saved = options with { Checkpoint = new Checkpoint(_folder.Path("run")) };
        float[] trained = Fit(options).Trained;

        Assert.Throws<DeathException>(() => Fit(saved with { EpochCompleted = _ => throw new DeathException() }));

        Assert.Equal(trained, Fit(saved).Trained);
    }

    /// <summary>Numbers of timm's ModelEmaV3.get_decay, for the step that an update has there.</summary>
    [Fact]
    public void Decay_rises_as_timms_does()
    {
        var warm = new ParameterAverage { Decay = 0.99, Warmup = true };

        Assert.Equal(0, warm.DecayAt(1));
        Assert.Equal(1 - Math.Pow(2, -2 / 3.0), warm.DecayAt(2), 1e-12);
        Assert.Equal(1 - Math.Pow(11, -2 / 3.0), warm.DecayAt(11), 1e-12);
        Assert.Equal(0.99, warm.DecayAt(100_000));
        Assert.Equal(0.5, (warm with { WarmupPower = 1, WarmupGamma = 4 }).DecayAt(5), 1e-12);
        Assert.Equal([0, 0.9999, 0.9999], new[] { 1, 2, 1000 }.Select(new ParameterAverage().DecayAt));
    }

    [Fact]
    public void Smoothed_targets_cost_what_PyTorch_says()
    {
        // torch.nn.functional.cross_entropy(torch.zeros(1, 3), torch.tensor([0]), label_smoothing=0.1): log 3 whatever the target.
        FitReport report = Fit(Options with { Epochs = 1, LabelSmoothing = 0.1, BaseLearningRate = 0 }).Report;

        Assert.Equal(Math.Log(3), report.Epochs[0].TrainLoss, 1e-6);
    }

    [Fact]
    public void Without_options_nothing_changes_and_afterwards_nothing_stays()
    {
        using var program = new SoftmaxRegression(3, 3);
        Trainer.Fit(program, Train, null, Options with { LabelSmoothing = 0.2, Mixup = new Mixup() });

        Assert.Equal(default, program.SoftTargets);
    }

    public static TheoryData<string, Func<FitOptions, FitOptions>> Nonsense => new()
    {
        { "LabelSmoothing must be at least 0", options => options with { LabelSmoothing = 1 } },
        { "LabelSmoothing must be at least 0", options => options with { LabelSmoothing = double.NaN } },
        { "Mixup.Alpha must be 0 or more", options => options with { Mixup = new Mixup { Alpha = double.NaN } } },
        { "Mixup.Alpha and CutmixAlpha are both 0", options => options with { Mixup = new Mixup { Alpha = 0 } } },
        { "Mixup.Probability lies", options => options with { Mixup = new Mixup { Probability = 2 } } },
        { "Mixup.CutmixProbability lies", options => options with { Mixup = new Mixup { CutmixProbability = double.NaN } } },
        { "MicroBatchSize must be at least 1", options => options with { MicroBatchSize = 0 } },
        { "MicroBatchSize must be even", options => options with { MicroBatchSize = 3, Mixup = new Mixup() } },
        { "MaximumGradientNorm must be above 0", options => options with { MaximumGradientNorm = 0 } },
        { "MaximumGradientNorm must be above 0", options => options with { MaximumGradientNorm = double.NaN } },
        { "Average.Decay must be at least 0", options => options with { Average = new ParameterAverage { Decay = 1 } } },
        { "Average.WarmupGamma must be above 0", options => options with { Average = new ParameterAverage { WarmupGamma = 0 } } },
        { "Average.WarmupPower must be above 0", options => options with { Average = new ParameterAverage { WarmupPower = double.NaN } } },
        { "LayerDecay must be above 0", options => options with { LayerDecay = 0 } },
        { "trains none", options => options with { LayerDecay = 0.75 } },
    };

    [Theory]
    [MemberData(nameof(Nonsense), DisableDiscoveryEnumeration = true)]
    public void What_makes_no_sense_is_refused(string message, Func<FitOptions, FitOptions> change) =>
        Assert.Contains(message, Assert.ThrowsAny<ArgumentException>(() => Fit(change(Options))).Message, StringComparison.Ordinal);

    [Fact]
    public void Gradients_that_are_no_numbers_are_noticed_where_they_are_measured()
    {
        using var program = new SoftmaxRegression(3, 3) { SpoiledUpdate = 1 };
        Assert.Throws<TrainingDivergedException>(() => Trainer.Fit(program, Train, null, Options with { MaximumGradientNorm = 1 }));
    }

    /// <summary>What timm's param_groups_layer_decay gives a vision transformer of two layers, and their kin.</summary>
    [Theory]
    [InlineData("pos_embed", 3)]
    [InlineData("patch_embed.proj.weight", 3)]
    [InlineData("blocks.0.attn.qkv.weight", 2)]
    [InlineData("blocks.1.mlp.fc1.bias", 1)]
    [InlineData("norm.weight", 1)]
    [InlineData("fc_norm.weight", 0)]
    public void Rates_fall_by_layer(string name, int steps)
    {
        ModelDescription model = Describe(
            ["blocks.0.attn.qkv.weight", "blocks.1.mlp.fc1.bias", "pos_embed", "patch_embed.proj.weight", "norm.weight", "fc_norm.weight"]);
        ParameterDescription parameter = model.Parameters.Single(p => p.Name == name);
        ImmutableArray<RateRun> runs = LayerRates.Of(model, 0.75);

        RateRun run = Assert.Single(runs, r => r.Offset <= parameter.Offset && parameter.Offset < r.Offset + r.Count);
        Assert.Equal((float)Math.Pow(0.75, steps), run.Scale);
        Assert.Equal(model.TrainedFloats, runs.Sum(r => r.Count));
        Assert.Equal(runs.Skip(1).Select(r => r.Offset), runs.SkipLast(1).Select(r => r.Offset + r.Count));
    }

    /// <summary>timm's groups, under the names that the models here give the same parameters.</summary>
    [Fact]
    public void Stages_count_their_blocks_one_after_another()
    {
        Assert.Equal([5, 4, 3, 2, 2, 1, 1], Steps(
            "downsample_layers.0.1.weight", "stages.0.0.norm.weight", "stages.0.1.gamma", "downsample_layers.1.0.bias", "stages.1.0.gamma",
            "stages.1.1.gamma", "norm.bias"));
        Assert.Equal([5, 4, 3, 2, 2, 1, 1], Steps(
            "patch_embed.norm.weight", "layers.0.blocks.0.norm1.weight", "layers.0.blocks.1.norm1.weight",
            "layers.0.downsample.norm.weight", "layers.1.blocks.0.norm1.weight", "layers.1.blocks.1.norm1.weight", "norm.bias"));
        Assert.Equal([4, 3, 2, 1, 1], Steps(
            "bn1.weight", "layer1.0.conv1.weight", "layer1.1.bn2.weight", "layer2.0.conv1.weight", "layer2.0.downsample.0.weight"));

        static IEnumerable<int> Steps(params string[] names)
        {
            ModelDescription model = Describe(names);
            return model.Parameters
                .Select(p => LayerRates.Of(model, 0.5).Single(run => run.Offset <= p.Offset && p.Offset < run.Offset + run.Count).Scale)
                .Select(scale => (int)Math.Round(Math.Log(scale, 0.5)));
        }
    }

    [Fact]
    public void No_layer_of_a_backbone_that_can_be_declared_is_forgotten()
    {
        foreach (int seed in Enumerable.Range(0, 40).Concat(RandomDeclarations.OtherKinds))
        {
            string[] names =
            [
                .. ModelCompiler.Analyze(RandomDeclarations.Draw(seed)).Parameters.Parameters.Where(p => p.Kind == ParameterKind.Backbone)
                    .Select(p => p.Name).Where(name => name.Split('.')[0] is not ("fc_norm" or "attn_pool")),
            ];
            Assert.All(LayerRates.Of(Describe(names), 0.5), run => Assert.True(run.Scale < 1, $"{seed}: {names[run.Offset / 2]}"));
        }
    }

    private static ModelDescription Describe(string[] names) => new()
    {
        Name = "Layers",
        Declaration = "layers",
        Channels = 1,
        ImageSize = 1,
        Classes = 2,
        Parameters = [.. names.Select((name, i) => new ParameterDescription(name, [2], ParameterKind.Backbone, true, 2 * i, default))],
    };

    private static EpochReport Timeless(EpochReport report) => report with { Seconds = 0, ImagesPerSecond = 0 };

    private static (FitReport Report, float[] Trained) Fit(FitOptions options, IImageSource? train = null)
    {
        using var program = new SoftmaxRegression(3, 3);
        return (Trainer.Fit(program, train ?? Train, Validation, options), program.Trained);
    }
}
