using System.Diagnostics;
using VptDsl.Benchmarks.Machine;
using VptDsl.Devices.Cpu;

namespace VptDsl.Benchmarks;

/// <summary>Median times of the CPU routines at the sizes of ViT-B/16 (batch 8) and of a small ViT.</summary>
internal static unsafe class QuickTimings
{
    /// <summary>Times every routine whose name contains <paramref name="filter"/>.</summary>
    public static void Run(int threads, string filter)
    {
        using var workers = new CpuWorkers(threads);
        double peak = MicroKernelPeak.Gflops(workers);
        Console.WriteLine($"{threads} threads, at most {peak:F1} GFLOP/s");
        foreach (var size in ProductSize.All.Where(size => size.ToString().Contains(filter)))
        {
            using var product = new ProductCase(size);
            Report(size.ToString(), size.Operations, () => product.Run(workers), peak);
        }

        foreach (var routine in Routine.All().Where(routine => routine.Name.Contains(filter)))
        {
            Report(routine.Name, routine.Operations, () => routine.Run(workers), routine.IsArithmetic ? peak : null);
        }
    }

    private static void Report(string name, double operations, Action action, double? peak)
    {
        var clock = Stopwatch.StartNew();
        var times = new List<double>();
        double processor = 0;
        while (times.Count < 7 || (clock.Elapsed.TotalSeconds < 1.2 && times.Count < 5000))
        {
            long start = Stopwatch.GetTimestamp();
            var used = Environment.CpuUsage.TotalTime;
            action();
            times.Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
            processor += (Environment.CpuUsage.TotalTime - used).TotalSeconds;
        }

        // The first third may still run code that is being compiled better.
        var settled = times.Skip(times.Count / 3).Order().ToArray();
        double median = settled[settled.Length / 2];
        Console.WriteLine(
            $"{name,-44} {median * 1e3,9:F3} ms {operations / median / 1e9,7:F1} G/s, best {operations / settled[0] / 1e9,7:F1}, "
            + (peak is null ? "" : $"{100 * operations / median / 1e9 / peak,5:F1} % of the peak, ")
            + $"per core-second {operations * times.Count / processor / 1e9,7:F1}");
    }
}
