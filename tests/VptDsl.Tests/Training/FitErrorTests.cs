using VptDsl.Data;
using VptDsl.Programs;
using VptDsl.Training;

namespace VptDsl.Tests.Training;

/// <summary>What cannot work is refused before anything is computed, in words that say what to change.</summary>
public class FitErrorTests
{
    private static readonly FitOptions Options = new() { Progress = ProgressDisplay.Off };

    public static TheoryData<string, FitOptions> BadOptions => new()
    {
        { "Epochs", Options with { Epochs = 0 } },
        { "BatchSize", Options with { BatchSize = 0 } },
        { "BaseLearningRate", Options with { BaseLearningRate = -1 } },
        { "BaseLearningRate", Options with { BaseLearningRate = double.NaN } },
        { "WarmupEpochs", Options with { Epochs = 5, WarmupEpochs = 5 } },
        { "WarmupEpochs", Options with { WarmupEpochs = -1 } },
        { "Patience", Options with { Patience = 0 } },
        { "Patience", Options with { Patience = 3 } },
        { "Optimizer.Momentum", Options with { Optimizer = Optimizer.Sgd with { Momentum = 1 } } },
        { "Optimizer.WeightDecay", Options with { Optimizer = Optimizer.Sgd with { WeightDecay = -0.1f } } },
        { "ScheduleStep", Options with { ScheduleStep = (ScheduleStep)77 } },
        { "Progress", Options with { Progress = (ProgressDisplay)77 } },
        { "Optimizer.Decayed", Options with { Optimizer = Optimizer.Sgd with { Decayed = (DecayedParameters)77 } } },
        { "Optimizer.Epsilon", Options with { Optimizer = Optimizer.AdamW with { Epsilon = 0 } } },
    };

    [Theory]
    [MemberData(nameof(BadOptions), DisableDiscoveryEnumeration = true)]
    public void A_bad_option_is_named(string name, FitOptions options)
    {
        using var program = new SoftmaxRegression(3, 3);

        ArgumentOutOfRangeException error = Assert.Throws<ArgumentOutOfRangeException>(
            () => Trainer.Fit(program, ToySets.BrightRows(6, seed: 1), null, options));

        Assert.EndsWith(name, error.ParamName);
        Assert.Empty(program.Batches);
    }

    public static TheoryData<string, FitOptions> NullOptions => new()
    {
        { "FitOptions.Optimizer", Options with { Optimizer = null! } },
        { "FitOptions.Augmentation", Options with { Augmentation = null! } },
        { "FitOptions.Augmentation[1]", Options with { Augmentation = [new RandomHorizontalFlip(), null!] } },
    };

    [Theory]
    [MemberData(nameof(NullOptions), DisableDiscoveryEnumeration = true)]
    public void An_option_that_is_null_is_named(string name, FitOptions options)
    {
        using var program = new SoftmaxRegression(3, 3);

        ArgumentNullException error = Assert.Throws<ArgumentNullException>(
            () => Trainer.Fit(program, ToySets.BrightRows(6, seed: 1), null, options));

        Assert.Equal(name, error.ParamName);
    }

    [Fact]
    public void Images_of_another_shape_are_refused()
    {
        using var program = new SoftmaxRegression(imageSize: 4, classes: 3);

        ArgumentException error = Assert.Throws<ArgumentException>(
            () => Trainer.Fit(program, ToySets.BrightRows(6, seed: 1), null, Options));

        Assert.Contains("1×3×3", error.Message);
        Assert.Contains("1×4×4", error.Message);
    }

    [Fact]
    public void Labels_beyond_the_head_are_refused()
    {
        using var program = new SoftmaxRegression(imageSize: 3, classes: 2);

        ArgumentException error = Assert.Throws<ArgumentException>(() => Trainer.Evaluate(program, ToySets.BrightRows(6, seed: 1)));
        ArgumentException lie = Assert.Throws<ArgumentException>(() => Trainer.Evaluate(program, new LyingSource()));

        Assert.Contains(
            "The evaluated set has 3 classes (top, middle, bottom), but the head of Toy has room for 2: declare the head with Classes = 3",
            error.Message);
        Assert.Contains("Image 0 of the evaluated set has label 2, but the task of Toy has 2 classes, labels 0 to 1: ", lie.Message);
    }

    /// <summary>An image of the third of two classes.</summary>
    private sealed class LyingSource : IImageSource
    {
        public int Count => 1;

        public ImageShape Shape => new(1, 3, 3);

        public IReadOnlyList<string> ClassNames => ["a", "b"];

        public int Label(int index) => 2;

        public void CopyImage(int index, Span<float> destination) => destination.Clear();
    }

    [Fact]
    public void An_empty_set_is_refused()
    {
        using var program = new SoftmaxRegression(3, 3);
        ImageSet full = ToySets.BrightRows(6, seed: 1);
        var empty = new Subset(full, []);

        Assert.Contains("training set", Assert.Throws<ArgumentException>(() => Trainer.Fit(program, empty, null, Options)).Message);
        Assert.Contains("validation set", Assert.Throws<ArgumentException>(() => Trainer.Fit(program, full, empty, Options)).Message);
    }

    [Fact]
    public void Floats_that_are_no_whole_images_are_refused()
    {
        using var program = new SoftmaxRegression(3, 3);

        Assert.Contains("9 floats an image", Assert.Throws<ArgumentException>(() => Trainer.Predict(program, new float[10])).Message);
    }
}
