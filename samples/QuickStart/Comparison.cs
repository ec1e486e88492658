using System.Diagnostics;
using VptDsl;
using VptDsl.Training;

namespace QuickStart;

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
        var options = new FitOptions
        {
            Epochs = epochs,
            BatchSize = 16,
            BaseLearningRate = scheme.BaseLearningRate,
            Optimizer = Optimizer.AdamW with { WeightDecay = scheme.WeightDecay },
            Seed = seed,
        };
        tuner.Fit(digits.Train, options: options, cancellation: cancellation);
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
