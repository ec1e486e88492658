using System.Diagnostics;
using System.Globalization;
using VptDsl.Benchmarks.Machine;
using VptDsl.Devices.Cpu;
using VptDsl.Programs;

namespace VptDsl.Benchmarks.Models;

/// <summary>Times a model's steps in a process of their own.</summary>
internal static class Measurement
{
    /// <summary>Runs in the child process: prints one line of JSON.</summary>
    public static void Run(string assembly, string mode, int batch, int steps, int threads, string label, double gflop)
    {
        using var device = new CpuDevice(threads);
        using Tuner tuner = ModelAssembly.Create(assembly, device);
        ModelProgram program = tuner.Compiled;
        ModelDescription model = tuner.Model;
        var random = new Random(1);
        float[] images = new float[batch * model.ImageFloats];
        for (int i = 0; i < images.Length; i++)
            images[i] = (float)((random.NextDouble() * 2) - 1);
        int[] labels = [.. Enumerable.Range(0, batch).Select(_ => random.Next(model.Classes))];
        float[] logits = new float[batch * model.Classes];
        float[] features = new float[batch * program.FeatureFloats];
        if (mode == "epoch2")
        {
            program.SetBatch(images, labels);
            program.ReadFeatures(features);
        }

        double first = 0;
        var total = new List<double>();
        var forward = new List<double>();
        for (int step = 0; step <= steps; step++)
        {
            long start = Stopwatch.GetTimestamp();
            if (mode == "epoch2")
                program.SetFeatures(features, labels);
            else
                program.SetBatch(images, labels);
            if (mode == "infer")
            {
                program.Infer();
                program.ReadLogits(logits);
            }
            else
            {
                program.Step();
                program.ReadLogits(logits);
                program.Update(new OptimizerUpdate { Kind = OptimizerKind.Sgd, LearningRate = 1e-6f, Momentum = 0.9f });
            }

            // The first run compiles and warms up.
            double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
            if (step > 0)
                total.Add(seconds);
            else
                first = seconds;
        }

        // Peak memory is that of what is measured, so it is read before the forward pass is timed apart.
        long peak = Process.GetCurrentProcess().PeakWorkingSet64;
        for (int step = 0; step <= Math.Min(steps, 3) && mode == "step"; step++)
        {
            program.SetBatch(images, labels);
            long start = Stopwatch.GetTimestamp();
            program.Infer();
            program.ReadLogits(logits);
            if (step > 0)
                forward.Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
        }

        double peakGflops = MicroKernelPeak.Gflops(device.Workers);
        long planned = ModelAssembly.PlannedBytes(tuner, mode == "infer" ? "InferenceBytes" : "StepBytes", batch);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{{{label},\"mode\":\"{mode}\",\"batch\":{batch},\"threads\":{device.Workers.Threads},"
                + $"\"seconds_first\":{first:F4},\"seconds_min\":{total.Min():F4},\"seconds_median\":{Median(total):F4},"
                + $"\"forward_median\":{Median(forward):F4},"
                + $"\"peak_bytes\":{peak},\"gflop\":{gflop:F2},\"peak_gflops\":{peakGflops:F0},"
                + $"\"share_of_peak\":{gflop / Median(total) / peakGflops:F3},\"planned_bytes\":{planned}}}"));
    }

    /// <summary>
    /// The median of the seconds of each, taken in turn so that a busy minute slows all; a first round compiles and warms up.
    /// </summary>
    public static double[] MediansInTurn<T>(int rounds, T[] measured, Func<T, double> seconds)
    {
        List<double>[] times = Array.ConvertAll(measured, _ => new List<double>());
        for (int round = 0; round <= rounds; round++)
        {
            for (int i = 0; i < measured.Length; i++)
            {
                double taken = seconds(measured[i]);
                if (round > 0)
                    times[i].Add(taken);
            }
        }

        return Array.ConvertAll(times, Median);
    }

    public static double Median(List<double> values)
    {
        if (values.Count == 0)
            return 0;
        double[] sorted = [.. values.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
