using System.Diagnostics;
using System.Globalization;
using VptDsl.Benchmarks.Models;
using VptDsl.Compiler.Spec;
using VptDsl.MultiTask;

namespace VptDsl.Benchmarks.Serving;

/// <summary>
/// Batches whose images belong to many tasks, against batches of one task and against a model that loads each task in turn.
/// </summary>
internal static class TaskMix
{
    /// <summary>Times all in turn, in one process.</summary>
    /// <param name="spec">The model.</param>
    /// <param name="batch">Images of a batch.</param>
    /// <param name="tasks">Tasks that are loaded.</param>
    /// <param name="steps">Batches of each kind in a round.</param>
    /// <param name="rounds">How often the kinds alternate.</param>
    /// <param name="threads">CPU threads.</param>
    public static void Run(ModelSpec spec, int batch, int tasks, int steps, int rounds, int threads)
    {
        string assembly = ModelAssembly.Compile(spec);
        DirectoryInfo folder = Directory.CreateTempSubdirectory("vptdsl-tasks-");
        try
        {
            using Device device = Device.Cpu(threads);
            Tuner tuner = ModelAssembly.Create(assembly, device);
            string[] files = [.. Enumerable.Range(0, tasks).Select(i => SaveTask(tuner, folder.FullName, i))];
            long fileBytes = files.Sum(file => new FileInfo(file).Length), without = Environment.WorkingSet;
            using var model = new MultiTaskModel(tuner, new MultiTaskOptions { MaxBatch = batch });
            for (int i = 0; i < tasks; i++)
                model.Load(Name(i), files[i]);
            long loaded = Environment.WorkingSet - without;
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{tasks} tasks of {fileBytes / 1e6 / tasks:F2} MB: {model.OnDevice().Bytes / 1e6:F1} MB on the device, "
                    + $"{(double)model.OnDevice().Bytes / fileBytes:F3} of the files; the process grew by {loaded / 1e6:F1} MB"));

            float[] images = Draw(new Random(1), batch * model.ImageShape.Floats);
            var random = new Random(2);
            var times = new Dictionary<string, List<double>>();
            for (int round = -1; round < rounds; round++)
            {
                Time("one task", _ => model.Predict(images, [.. Enumerable.Repeat(Name(0), batch)]));
                Time($"{batch} tasks", _ => model.Predict(images, [.. Enumerable.Range(0, batch).Select(i => Name(i % tasks))]));
                Time("uniform", _ => model.Predict(images, [.. Enumerable.Range(0, batch).Select(_ => Name(random.Next(tasks)))]));
                Time("Zipf", _ => model.Predict(images, [.. Enumerable.Range(0, batch).Select(_ => Name(Zipf(random, tasks)))]));
                Time("LoadTask an image", step =>
                {
                    for (int i = 0; i < batch; i++)
                    {
                        tuner.LoadTask(files[((step * batch) + i) % tasks]);
                        tuner.Predict(images.AsSpan(i * model.ImageShape.Floats, model.ImageShape.Floats));
                    }
                });

                void Time(string kind, Action<int> run)
                {
                    for (int step = 0; step < steps; step++)
                    {
                        long start = Stopwatch.GetTimestamp();
                        run(step);
                        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
                        List<double> list = times.TryGetValue(kind, out List<double>? known) ? known : times[kind] = [];
                        if (round >= 0)
                            list.Add(seconds);
                    }
                }
            }

            double alone = Measurement.Median(times["one task"]);
            foreach ((string kind, List<double> seconds) in times)
            {
                double median = Measurement.Median(seconds);
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{kind,-18} {median:F3} s a batch of {batch}, {batch / median:F1} images a second, "
                        + $"{alone / median:F3} of one task's"));
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>What a task is called.</summary>
    public static string Name(int task) => "task" + task.ToString(CultureInfo.InvariantCulture);

    /// <summary>The k-th task is asked for as often as 1 / k says.</summary>
    private static int Zipf(Random random, int tasks)
    {
        double place = random.NextDouble() * Enumerable.Range(1, tasks).Sum(k => 1.0 / k);
        int task = 0;
        while (task < tasks - 1 && (place -= 1.0 / (task + 1)) > 0)
            task++;
        return task;
    }

    /// <summary>Saves a task that differs from all others.</summary>
    public static string SaveTask(Tuner tuner, string folder, int number)
    {
        var random = new Random(100 + number);
        foreach (Programs.ParameterDescription parameter in tuner.Model.Parameters.Where(p => p.Trained))
            tuner.Compiled.Write(new(parameter.Region, parameter.Offset), Draw(random, (int)parameter.Count));
        string path = Path.Combine(folder, Name(number) + ".safetensors");
        tuner.SaveTask(path);
        return path;
    }

    /// <summary>Numbers around 0.</summary>
    public static float[] Draw(Random random, int count) =>
        [.. Enumerable.Range(0, count).Select(_ => (float)((2 * random.NextDouble()) - 1) / 4)];
}
