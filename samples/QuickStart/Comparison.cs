using System.Diagnostics;
using VptDsl;
using VptDsl.Training;

namespace QuickStart;

/// <summary>What came out for a scheme.</summary>
/// <param name="Scheme">The scheme's name.</param>
/// <param name="TrainedParameters">The parameters that were trained: prompts and head.</param>
/// <param name="BackboneParameters">The parameters that were not.</param>
/// <param name="TaskBytes">The size of the task file: all that has to be kept for this task.</param>
/// <param name="Seconds">The time that tuning took, validation included.</param>
/// <param name="TestAccuracy">The share of test images classified right, from 0 to 1.</param>
/// <param name="Seed">The seed of the run.</param>
internal sealed record Row(
    string Scheme, long TrainedParameters, long BackboneParameters, long TaskBytes, double Seconds, double TestAccuracy, int Seed);

/// <summary>Tunes and tests the schemes, one after another.</summary>
internal sealed class Comparison(Device device, string backbone, Digits digits, int epochs, int seed)
{
    /// <summary>Tunes one scheme on the training images and measures it on the test images.</summary>
    /// <param name="scheme">The scheme.</param>
    /// <param name="cancellation">Stops between two steps.</param>
    public Row Run(Scheme scheme, CancellationToken cancellation)
    {
        using Tuner tuner = scheme.Load(device, backbone, seed);
        long start = Stopwatch.GetTimestamp();
        var options = new FitOptions { Epochs = epochs, BatchSize = 16, BaseLearningRate = scheme.BaseLearningRate, Seed = seed };
        tuner.Fit(digits.Train, digits.Validation, options, cancellation);
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;

        string taskFile = Path.Combine(Path.GetTempPath(), $"vptdsl-digits-{scheme.Name}-{Environment.ProcessId}.safetensors");
        try
        {
            tuner.SaveTask(taskFile);
            return new Row(
                scheme.Name, scheme.TrainedParameters, LinearDigits.BackboneParameters, new FileInfo(taskFile).Length, seconds,
                tuner.Evaluate(digits.Test, cancellation: cancellation).Accuracy, seed);
        }
        finally
        {
            File.Delete(taskFile);
        }
    }
}
