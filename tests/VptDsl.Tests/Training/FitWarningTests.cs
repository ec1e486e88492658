using VptDsl.Data;
using VptDsl.Training;

namespace VptDsl.Tests.Training;

/// <summary>Images that were not normalised cost accuracy and nothing else shows it: so the user is told.</summary>
public class FitWarningTests
{
    [Theory]
    [InlineData(ProgressDisplay.Auto, true)]
    [InlineData(ProgressDisplay.Lines, true)]
    [InlineData(ProgressDisplay.Bar, true)]
    [InlineData(ProgressDisplay.Off, false)]
    public void Raw_pixels_are_warned_of_once(ProgressDisplay display, bool isShown)
    {
        using var output = new StringWriter();
        FitReport report = Fit(Scaled(255), output, display);
        Assert.Contains("pixels from 0 to 255", Assert.Single(report.Warnings), StringComparison.Ordinal);
        Assert.Equal(isShown ? 2 : 1, output.ToString().ReplaceLineEndings(" ").Split("warning: ").Length);
    }

    [Fact]
    public void Normalised_images_are_not()
    {
        using var output = new StringWriter();
        Assert.Empty(Fit(ToySets.BrightRows(30, seed: 1), output, ProgressDisplay.Auto).Warnings);
        Assert.DoesNotContain("warning", output.ToString(), StringComparison.Ordinal);
    }

    private static FitReport Fit(ImageSet train, StringWriter output, ProgressDisplay display)
    {
        using var program = new SoftmaxRegression(3, 3);
        var options = new FitOptions { Epochs = 2, BatchSize = 30, BaseLearningRate = 0, Progress = display };
        return Trainer.Fit(program, train, null, options, Consoles.To(output));
    }

    private static ImageSet Scaled(float factor)
    {
        ImageSet set = ToySets.BrightRows(30, seed: 1);
        float[] images = new float[set.Count * set.Shape.Floats];
        for (int i = 0; i < set.Count; i++)
            set.CopyImage(i, images.AsSpan(i * set.Shape.Floats, set.Shape.Floats));
        return ImageSet.FromFloats(
            set.Shape,
            [.. images.Select(value => Math.Abs(value) * factor)],
            [.. Enumerable.Range(0, set.Count).Select(set.Label)],
            [.. set.ClassNames]);
    }
}
