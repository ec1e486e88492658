using System.Globalization;
using VptDsl.Devices.Cpu;

namespace VptDsl.Benchmarks.Machine;

/// <summary>The limits of this machine that a step is held against.</summary>
/// <param name="Gflops">GFLOP/s of the micro-kernel that products use, on all threads.</param>
/// <param name="GigabytesPerSecond">GB/s of adding arrays, on all threads.</param>
internal sealed record MachinePeak(double Gflops, double GigabytesPerSecond)
{
    /// <summary>Measures them, in about two seconds.</summary>
    public static MachinePeak Measure(CpuWorkers workers) =>
        new(MicroKernelPeak.Gflops(workers), MemoryBandwidth.Add(workers));

    /// <summary>Prints every limit, on one thread and on all.</summary>
    public static void Print(int allThreads)
    {
        Console.WriteLine(ProcessorName());
        foreach (int threads in new[] { 1, allThreads }.Distinct())
        {
            using var workers = new CpuWorkers(threads);
            Console.WriteLine(threads == 1 ? "one thread" : $"{threads} threads");
            foreach (int bits in MicroKernelPeak.Widths)
                Console.WriteLine(Text($"  multiply-adds, {bits} bits {MicroKernelPeak.Gflops(workers, bits),8:F1} GFLOP/s"));
            Console.WriteLine(Text($"  memory, read            {MemoryBandwidth.Read(workers),8:F1} GB/s"));
            Console.WriteLine(Text($"  memory, two added       {MemoryBandwidth.Add(workers),8:F1} GB/s"));
        }
    }

    /// <summary>What the system calls the processor.</summary>
    public static string ProcessorName()
    {
        const string info = "/proc/cpuinfo", key = "model name";
        string? line = File.Exists(info) ? File.ReadLines(info).FirstOrDefault(l => l.StartsWith(key, StringComparison.Ordinal)) : null;
        return line is null ? "an unnamed processor" : line[(line.IndexOf(':') + 1)..].Trim();
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
