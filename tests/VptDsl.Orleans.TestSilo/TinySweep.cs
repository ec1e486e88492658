using System.Globalization;
using VptDsl.Data;
using VptDsl.Training;
using VptDsl.Training.Recipes;

namespace VptDsl.Orleans.TestSilo;

/// <summary>A sweep of trials that take milliseconds, as a cluster and as one machine make it.</summary>
internal sealed class TinySweep : ISweepOpener
{
    private const int Side = 8, Classes = 3;

    /// <summary>Eight trials and two final runs.</summary>
    public static Recipe Recipe { get; } = new()
    {
        Name = "tiny",
        LearningRates = [0.5, 2, 8, 32],
        WeightDecays = [0.01, 0],
        Epochs = 4,
        WarmupEpochs = 1,
        BatchSize = 8,
        Seeds = [1, 2],
        ScheduleStep = ScheduleStep.PerIteration,
    };

    /// <summary>Forty trials and two final runs.</summary>
    public static Recipe Forty { get; } = Recipe with
    {
        Name = "forty",
        LearningRates = [0.1, 0.25, 0.5, 1, 2, 4, 8, 16, 32, 64],
        WeightDecays = [0.01, 0.001, 0.0001, 0],
    };

    /// <summary>Images of seed 7, read at once.</summary>
    public const string Text = "7 0";

    /// <summary>The same images; reading one takes two milliseconds.</summary>
    public const string Slow = "7 2";

    /// <summary>The same images; reading one takes twelve milliseconds.</summary>
    public const string Slower = "7 12";

    /// <summary>The text is a seed of the images, and how many milliseconds it takes to read one.</summary>
    public SweepWork Open(string work, Recipe recipe, Device device)
    {
        int[] numbers = [.. work.Split(' ').Select(number => int.Parse(number, CultureInfo.InvariantCulture))];
        int seed = numbers[0];
        SlowSet Set(int count, int offset) => new(Images(count, seed + offset), numbers[1]);
        return new SweepWork(start => TinyModel.Create(device, start), Set(30, 0), Set(15, 1), Set(45, 2), Set(15, 3));
    }

    // Noise, brighter in the rows that are the class's.
    private static ImageSet Images(int count, int seed)
    {
        var random = new Random(seed);
        var shape = new ImageShape(1, Side, Side);
        int[] labels = [.. Enumerable.Range(0, count).Select(i => i % Classes)];
        float[] pixels = [.. labels.SelectMany(label => Enumerable.Range(0, shape.Floats).Select(
            pixel => (float)random.NextDouble() + (pixel * Classes / shape.Floats == label ? 0.4f : 0)))];
        return ImageSet.FromFloats(shape, pixels, labels, ["top", "middle", "bottom"]);
    }
}
