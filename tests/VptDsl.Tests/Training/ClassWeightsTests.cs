using VptDsl.Data;
using VptDsl.Training;

namespace VptDsl.Tests.Training;

/// <summary>Weights of classes are those that images ask for, and reach loss, gradients and checkpoints.</summary>
public sealed class ClassWeightsTests
{
    private static readonly FitOptions Options = new()
    {
        Epochs = 60,
        BatchSize = 20,
        BaseLearningRate = 0.5,
        ScaleLearningRate = false,
        WarmupEpochs = 0,
        Progress = ProgressDisplay.Off,
    };

    [Fact]
    public void Balanced_weights_let_classes_count_the_same_together()
    {
        ClassWeights weights = ClassWeights.Balanced(Set(0, 0, 0, 0, 0, 0, 1, 1, 2), classes: 4);

        Assert.Equal([9f / 18, 9f / 6, 9f / 3, 1], weights.Values.ToArray());
        Assert.Equal([1f, 1, 1, 1], ClassWeights.Balanced(Set(0, 0, 1), 4, power: 0).Values.ToArray());
        Assert.Equal(Set(0, 0, 1).ClassNames.Count, ClassWeights.Balanced(Set(0, 0, 1)).Values.Length);
    }

    [Fact]
    public void Roots_are_between_balanced_and_equal_and_have_the_same_mean_over_images()
    {
        ClassWeights weights = ClassWeights.Balanced(Set(0, 0, 0, 0, 1), classes: 2, power: 0.5);

        Assert.Equal(2, weights.Values[1] / weights.Values[0], 1e-6);
        Assert.Equal(5, (4 * weights.Values[0]) + weights.Values[1], 1e-6);
    }

    /// <summary>Without anything to see in the images, the model can only learn how often a class is, as far as it counts.</summary>
    [Theory]
    [InlineData(false, 0.9)]
    [InlineData(true, 0.5)]
    public void Training_feels_them(bool balanced, double expected)
    {
        ImageSet train = Set([.. Enumerable.Range(0, 20).Select(i => i < 18 ? 0 : 1)]);
        using var program = new SoftmaxRegression(imageSize: 1, classes: 2);

        Trainer.Fit(program, train, null, Options with { ClassWeights = balanced ? ClassWeights.Balanced(train, 2) : null });

        Assert.Equal(expected, Trainer.Predict(program, [1f])[0], 0.01);
        Assert.True(program.ClassWeights.IsEmpty);
    }

    [Fact]
    public void Weights_that_make_no_sense_are_refused()
    {
        Assert.Contains("Class 1", Assert.Throws<ArgumentException>(() => ClassWeights.Of(1, -1)).Message);
        Assert.Contains("Class 0", Assert.Throws<ArgumentException>(() => ClassWeights.Of(float.NaN, 1)).Message);
        Assert.Contains("nothing to learn", Assert.Throws<ArgumentException>(() => ClassWeights.Of(0, 0)).Message);
        Assert.Contains("label 2", Assert.Throws<ArgumentException>(() => ClassWeights.Balanced(Set(0, 2), 2)).Message);
        using var program = new SoftmaxRegression(imageSize: 1, classes: 2);
        Assert.Contains(
            "3 weights", Assert.Throws<ArgumentException>(() =>
                Trainer.Fit(program, Set(0, 1), null, Options with { ClassWeights = ClassWeights.Of(1, 1, 1) })).Message);
    }

    private static ImageSet Set(params int[] labels) => ImageSet.FromFloats(
        new(1, 1, 1), [.. labels.Select(_ => 1f)], labels, [.. Enumerable.Range(0, labels.Max() + 1).Select(c => $"class {c}")]);
}
