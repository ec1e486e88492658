using System.Diagnostics;
using System.Text.Json;
using VptDsl.Devices.Ilgpu;
using VptDsl.Programs;

namespace VptDsl.DeviceCheck;

/// <summary>Times of training steps, a line of JSON for each model and batch.</summary>
internal static class StepTimes
{
    /// <returns>How many models and batches could not be run.</returns>
    public static int Run(Device device, IEnumerable<CheckedModel> models, int[] batches, int steps)
    {
        int failed = 0;
        foreach (CheckedModel model in models)
        {
            foreach (int batch in batches)
            {
                try
                {
                    Run(device, model, batch, steps);
                }
                catch (Exception e) when (e is InsufficientMemoryException or InvalidOperationException or NotSupportedException)
                {
                    failed++;
                    Console.WriteLine($"FAILED {model.Name}, {batch} images: {e.Message} {e.InnerException?.Message}");
                }
            }
        }

        return failed;
    }

    private static void Run(Device device, CheckedModel model, int batch, int steps)
    {
        using Tuner tuner = model.Create(device);
        ModelProgram program = tuner.Compiled;
        (float[] images, int[] labels) = CheckedModel.Draw(tuner.Model, batch);
        float[] losses = new float[batch];
        var update = new OptimizerUpdate { Kind = OptimizerKind.Sgd, LearningRate = 1e-3f, Momentum = 0.9f };

        double first = Milliseconds(WithImages);
        float firstLoss = losses.Average();
        WithImages();
        double withImages = Median(steps, WithImages);

        // The device alone: steps one after the other, and one wait.
        double alone = Milliseconds(() =>
        {
            for (int i = 0; i < steps; i++)
                Step();
            program.ReadLosses(losses);
        }) / steps;
        double inference = Median(steps, () =>
        {
            program.Infer();
            program.ReadLogits(new float[batch * tuner.Model.Classes]);
        });

        Console.WriteLine(JsonSerializer.Serialize(new Dictionary<string, object>
        {
            ["who"] = "VptDsl",
            ["device"] = device.Name,
            ["model"] = model.Name,
            ["batch"] = batch,
            ["precision"] = device is IlgpuDevice { HasTensorCores: true } ? "fp32 by 3xTF32" : "fp32",
            ["ms"] = Math.Round(alone, 2),
            ["ms_with_images"] = Math.Round(withImages, 2),
            ["inference_ms"] = Math.Round(inference, 2),
            ["first_ms"] = Math.Round(first),
            ["first_loss"] = firstLoss,
            ["last_loss"] = losses.Average(),
        }));

        void Step()
        {
            program.Step();
            program.Update(update);
        }

        void WithImages()
        {
            program.SetBatch(images, labels);
            Step();
            program.ReadLosses(losses);
        }
    }

    private static double Milliseconds(Action action)
    {
        long start = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    private static double Median(int steps, Action action)
    {
        double[] times = [.. Enumerable.Range(0, steps).Select(_ => Milliseconds(action)).Order()];
        return times[times.Length / 2];
    }
}
