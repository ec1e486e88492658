using System.Numerics;
using VptDsl.Data;
using VptDsl.Training;

namespace VptDsl.Tests.Training;

/// <summary>A pixel that is no finite number is refused by name: otherwise every probability of its image is NaN, without a word.</summary>
public class FinitePixelsTests
{
    private static readonly ImageShape Shape = new(1, 3, 3);

    [Theory]
    [InlineData(float.NaN, "NaN")]
    [InlineData(float.PositiveInfinity, "Infinity")]
    [InlineData(float.NegativeInfinity, "-Infinity")]
    public void Every_call_names_the_image_and_the_pixel(float pixel, string name)
    {
        using var program = new SoftmaxRegression(3, 3);
        float[] images = new float[4 * Shape.Floats];
        images[(2 * Shape.Floats) + 5] = pixel;
        ImageSet set = ImageSet.FromFloats(Shape, images, [0, 1, 2, 0], ["a", "b", "c"]);
        ImageSet good = ToySets.BrightRows(6, seed: 1);
        FitOptions options = new() { Epochs = 1, BatchSize = 2, Progress = ProgressDisplay.Off };
        string pixelIs = $"has a pixel that is {name} (channel 0, row 1, column 2)";

        Assert.Contains($"Image 2 {pixelIs}", Message(() => Trainer.Predict(program, images)), StringComparison.Ordinal);
        Assert.Contains($"Image 2 {pixelIs}", Message(() => Trainer.Embed(program, images)), StringComparison.Ordinal);
        Assert.Contains(
            $"Image 2 of the evaluated set {pixelIs}", Message(() => Trainer.Evaluate(program, set)), StringComparison.Ordinal);
        Assert.Contains(
            $"Image 2 of the training set {pixelIs}", Message(() => Trainer.Fit(program, set, null, options)), StringComparison.Ordinal);
        Assert.Contains(
            $"Image 2 of the validation set {pixelIs}", Message(() => Trainer.Fit(program, good, set, options)), StringComparison.Ordinal);
    }

    [Fact]
    public void It_is_found_wherever_it_is_and_no_finite_number_is_taken_for_it()
    {
        int count = (2 * Vector<float>.Count) + 3;
        float[] values = [.. Enumerable.Range(0, count).Select(i => i % 2 == 0 ? float.MaxValue : -float.Epsilon)];
        var shape = new ImageShape(1, 1, count);
        FinitePixels.Require(values, shape);
        for (int i = 0; i < count; i++)
        {
            float[] spoiled = [.. values];
            spoiled[i] = float.NaN;
            Assert.Contains($"column {i})", Message(() => FinitePixels.Require(spoiled, shape)), StringComparison.Ordinal);
        }
    }

    private static string Message(Action call) => Assert.Throws<ArgumentException>(call).Message;
}
