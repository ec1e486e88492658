using System.Diagnostics;
using System.Globalization;
using VptDsl.Benchmarks.Machine;
using VptDsl.Compiler;
using VptDsl.Compiler.Emit;
using VptDsl.Compiler.Explain;
using VptDsl.Compiler.Spec;
using VptDsl.Devices.Cpu;
using VptDsl.Programs;

namespace VptDsl.Benchmarks.Models;

/// <summary>Every operation of a step against what this machine could do at best; what loses most time stands on top.</summary>
internal static class Roofline
{
    /// <summary>Runs steps and prints the table.</summary>
    public static void Run(ModelSpec spec, int batch, int steps, int threads)
    {
        CompiledModel model = ModelCompiler.Analyze(spec);
        Dictionary<string, (double Flops, double Bytes)> work = WorkOf(model, batch);
        using var device = new CpuDevice(threads);
        MachinePeak peak = MachinePeak.Measure(device.Workers);
        using Tuner tuner = ModelAssembly.Create(ModelAssembly.Compile(spec), device);
        OperationClock clock = OperationClock.Before(tuner.Compiled);
        double seconds = TimeSteps(tuner, clock, batch, steps);

        Row[] rows =
        [
            .. clock.Times.Select(time => Row.Of(time.Key, time.Value.Calls / steps, time.Value.Seconds / steps, work[time.Key], peak))
                .OrderByDescending(row => row.Lost),
        ];
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{MachinePeak.ProcessorName()}, {device.Workers.Threads} threads: "
                + $"{peak.Gflops:F0} GFLOP/s, {peak.GigabytesPerSecond:F1} GB/s"));
        Console.WriteLine(
            $"{"operation",-52} {"calls",5} {"ms",8} {"%",5} {"GFLOP/s",8} {"% peak",6} {"GB/s",6} {"% peak",6} {"lost ms",8}");
        foreach (Row row in rows.Where(row => row.Seconds > seconds / 5000))
        {
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{row.Name,-52} {row.Calls,5} {1e3 * row.Seconds,8:F2} {100 * row.Seconds / seconds,5:F1} {row.Gflops,8:F1} "
                    + $"{100 * row.Gflops / peak.Gflops,6:F1} {row.GigabytesPerSecond,6:F1} "
                    + $"{100 * row.GigabytesPerSecond / peak.GigabytesPerSecond,6:F1} {1e3 * row.Lost,8:F2}"));
        }

        double flops = rows.Sum(row => row.Flops);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"step {1e3 * seconds:F1} ms, {flops / 1e9:F1} GFLOP: {flops / seconds / 1e9:F1} GFLOP/s, "
                + $"{100 * flops / seconds / 1e9 / peak.Gflops:F1} % of the peak; "
                + $"outside of operations {1e3 * (seconds - rows.Sum(row => row.Seconds)):F1} ms"));
    }

    private static double TimeSteps(Tuner tuner, OperationClock clock, int batch, int steps)
    {
        ModelProgram program = tuner.Compiled;
        float[] images = new float[batch * tuner.Model.ImageFloats];
        var random = new Random(1);
        for (int i = 0; i < images.Length; i++)
            images[i] = (float)((random.NextDouble() * 2) - 1);
        int[] labels = [.. Enumerable.Range(0, batch).Select(_ => random.Next(tuner.Model.Classes))];
        double seconds = 0;

        // The first step compiles and warms up.
        for (int step = 0; step <= steps; step++)
        {
            if (step == 1)
                clock.Reset();
            long start = Stopwatch.GetTimestamp();
            program.SetBatch(images, labels);
            program.Step();
            if (step > 0)
                seconds += Stopwatch.GetElapsedTime(start).TotalSeconds;
        }

        return seconds / steps;
    }

    /// <summary>Operations and bytes of a call, by the name of its method; each operand is moved once.</summary>
    private static Dictionary<string, (double Flops, double Bytes)> WorkOf(CompiledModel model, int batch)
    {
        var calls = new CallTable(model.Programs.SelectMany(program => program.Prepare.Concat(program.Steps)));
        return calls.Calls.ToDictionary(
            call => calls[call],
            call => (
                (double)Work.Of(call, batch),
                sizeof(float) * call.Operands.Sum(o => (double)o.Layout.Shape.Count * (o.Layout.Batched ? batch : 1))));
    }

    private sealed record Row(string Name, int Calls, double Seconds, double Flops, double Bytes, double Lost)
    {
        public double Gflops => Flops / Seconds / 1e9;

        public double GigabytesPerSecond => Bytes / Seconds / 1e9;

        public static Row Of(string name, int calls, double seconds, (double Flops, double Bytes) work, MachinePeak peak)
        {
            (double flops, double bytes) = (calls * work.Flops, calls * work.Bytes);
            double least = Math.Max(flops / peak.Gflops, bytes / peak.GigabytesPerSecond) / 1e9;
            return new(name, calls, seconds, flops, bytes, Math.Max(0, seconds - least));
        }
    }
}
