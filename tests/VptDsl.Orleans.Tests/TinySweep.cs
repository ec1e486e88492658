using System.Globalization;
using VptDsl.Data;
using VptDsl.Training;
using VptDsl.Training.Recipes;

namespace VptDsl.Orleans.Tests;

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

    /// <summary>What is opened where the text asks for no other seed.</summary>
    public const string Text = "7";

    /// <summary>The text is a seed of the images.</summary>
    public SweepWork Open(string work, Recipe recipe, Device device)
    {
        int seed = int.Parse(work, CultureInfo.InvariantCulture);
        return new SweepWork(
            start => TinyModel.Create(device, start), Images(30, seed), Images(15, seed + 1), Images(45, seed + 2), Images(15, seed + 3));
    }

    /// <summary>Runs it on this machine, as a sweep without a cluster does.</summary>
    public static byte[] RunLocally(Recipe recipe, string results)
    {
        using Device device = Device.Cpu(threads: 1);
        SweepWork work = new TinySweep().Open(Text, recipe, device);
        new Sweep(recipe, work.Create, results) { Progress = ProgressDisplay.Off }.Run(
            work.Images.Train, work.Images.Validation, work.Images.TrainAndValidation, work.Images.Test);
        return File.ReadAllBytes(results);
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
