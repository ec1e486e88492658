using System.Diagnostics;
using System.Text.Json;
using VptDsl.Benchmarks.Models;
using VptDsl.Compiler.Spec;

namespace VptDsl.Benchmarks.Serving;

/// <summary>
/// What it takes to answer for 1, 10 and 100 tasks: images a second, how long one waits, and memory, by batches that mix tasks, by a
/// process a task, by loading each task in turn, and by a session of ONNX Runtime a task. Callers ask again as soon as they are answered.
/// </summary>
internal static class ServingTable
{
    private const int Images = 4;

    /// <summary>The ways, as they are named on the command line.</summary>
    public static string[] Kinds { get; } = ["mixed", "processes", "swap", "onnx"];

    /// <summary>Measures every way in a process of its own.</summary>
    public static void Run(
        ModelSpec spec, string[] kinds, int[] counts, int callers, int batch, int seconds, int threads)
    {
        string assembly = ModelAssembly.Compile(spec, onnx: true);
        long room = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        Console.WriteLine("| tasks | way | images a second | p50, s | p99, s | memory, MB |");
        Console.WriteLine("|---|---|---|---|---|---|");
        foreach (int tasks in counts)
        {
            foreach (string kind in kinds)
            {
                if (kind is "processes" or "onnx")
                {
                    double one = MeasureIn(kind, 1, seconds: 2).GetProperty("memory").GetDouble();
                    if (one * tasks > 0.9 * room)
                    {
                        Print($"| {tasks} | {kind} | do not fit: {tasks} × {one / 1e6:F0} MB | | | {tasks * one / 1e6:F0} |");
                        continue;
                    }
                }

                JsonElement row = MeasureIn(kind, tasks, seconds);
                double Of(string name) => row.GetProperty(name).GetDouble();
                Print($"| {tasks} | {kind} | {Of("rate"):F2} | {Of("p50"):F3} | {Of("p99"):F3} | {Of("memory") / 1e6:F0} |");
            }
        }

        JsonElement MeasureIn(string kind, int tasks, int seconds) => Child.Run(
            "serve", assembly, kind, Child.Text(tasks), Child.Text(callers), Child.Text(batch), Child.Text(seconds), Child.Text(threads));
    }

    /// <summary>Runs in the child process: prints one line of JSON.</summary>
    public static async Task MeasureAsync(string assembly, string kind, int tasks, int callers, int batch, int seconds, int threads)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("vptdsl-serving-");
        try
        {
            using ITaskServer server = Create(assembly, kind, tasks, folder.FullName, batch, threads);
            // Everything has been asked once before the clock starts.
            await Task.WhenAll(Enumerable.Range(0, tasks).Select(task => server.PredictAsync(task, task % Images)));
            var random = new Random(1);
            var latencies = new List<double>();
            long start = Stopwatch.GetTimestamp();
            await Task.WhenAll(Enumerable.Range(0, callers).Select(async _ =>
            {
                while (Stopwatch.GetElapsedTime(start).TotalSeconds < seconds)
                {
                    int task, image;
                    lock (random)
                        (task, image) = (random.Next(tasks), random.Next(Images));
                    long asked = Stopwatch.GetTimestamp();
                    await server.PredictAsync(task, image);
                    lock (latencies)
                        latencies.Add(Stopwatch.GetElapsedTime(asked).TotalSeconds);
                }
            }));
            double took = Stopwatch.GetElapsedTime(start).TotalSeconds;
            long memory = server.Memory();
            latencies.Sort();
            Print($"{{\"rate\":{latencies.Count / took:F4},\"p50\":{At(0.5):F5},\"p99\":{At(0.99):F5},\"memory\":{memory}}}");

            double At(double share) => latencies[(int)(share * (latencies.Count - 1))];
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>Runs in the process of one task.</summary>
    public static void ServeOne(string assembly, string file, int images, int batch, int threads)
    {
        using Device device = Device.Cpu(threads);
        Tuner tuner = ModelAssembly.Create(assembly, device);
        ProcessesServer.Serve(tuner, file, ImagesOf(tuner, images), batch);
    }

    private static ITaskServer Create(string assembly, string kind, int tasks, string folder, int batch, int threads)
    {
        Device device = Device.Cpu(threads);
        Tuner tuner = ModelAssembly.Create(assembly, device);
        string[] files = [.. Enumerable.Range(0, tasks).Select(task => TaskMix.SaveTask(tuner, folder, task))];
        float[] images = ImagesOf(tuner, Images);
        switch (kind)
        {
            case "mixed":
                return new MixedServer(tuner, files, images, batch);
            case "swap":
                int loaded = -1, floats = tuner.Model.ImageFloats;
                return new TaskByTaskServer(
                    (task, asked) =>
                    {
                        if (task != loaded)
                            tuner.LoadTask(files[task]);
                        loaded = task;
                        tuner.Predict([.. asked.SelectMany(image => images.AsSpan(image * floats, floats).ToArray())]);
                    },
                    batch, tuner);
            case "onnx":
                var sessions = new OnnxSessions(tuner, files, folder, images, threads);
                // What is measured are the sessions.
                tuner.Dispose();
                device.Dispose();
                GC.Collect();
                return new TaskByTaskServer(sessions.Predict, batch, sessions);
            default:
                tuner.Dispose();
                device.Dispose();
                return new ProcessesServer(assembly, files, Images, batch, threads);
        }
    }

    private static float[] ImagesOf(Tuner tuner, int images) => TaskMix.Draw(new Random(1), images * tuner.Model.ImageFloats);

    private static void Print(FormattableString line) => Console.WriteLine(FormattableString.Invariant(line));
}
