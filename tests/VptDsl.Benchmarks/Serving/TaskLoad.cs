using System.Diagnostics;
using System.Globalization;
using VptDsl.Benchmarks.Models;
using VptDsl.Compiler.Spec;
using VptDsl.MultiTask;

namespace VptDsl.Benchmarks.Serving;

/// <summary>
/// Images of many tasks that come faster than they can be computed, whoever waits: what is refused, and how long the rest takes.
/// </summary>
internal static class TaskLoad
{
    private const int Images = 4;

    /// <summary>Measures what can be computed, then lets images come at a multiple of that, each answer compared to the bit.</summary>
    /// <param name="spec">The model.</param>
    /// <param name="batch">The most images of a batch.</param>
    /// <param name="tasks">Tasks that are loaded.</param>
    /// <param name="seconds">How long images come.</param>
    /// <param name="times">How many times as many as can be computed.</param>
    /// <param name="threads">CPU threads.</param>
    public static async Task Run(ModelSpec spec, int batch, int tasks, int seconds, double times, int threads)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("vptdsl-load-");
        try
        {
            using Device device = Device.Cpu(threads);
            Tuner tuner = ModelAssembly.Create(ModelAssembly.Compile(spec), device);
            string[] files = [.. Enumerable.Range(0, tasks).Select(i => TaskMix.SaveTask(tuner, folder.FullName, i))];
            using var model = new MultiTaskModel(tuner, new MultiTaskOptions { MaxBatch = batch, MaxWaiting = 2 * batch });
            for (int i = 0; i < tasks; i++)
                model.Load(TaskMix.Name(i), files[i]);
            int floats = model.ImageShape.Floats;
            float[] images = TaskMix.Draw(new Random(1), Images * floats);
            TaskPrediction[][] expected =
                [.. files.Select((_, task) => model.Predict(images, [.. Enumerable.Repeat(TaskMix.Name(task), Images)]).ToArray())];

            double rate = await Sustained(model, images, floats, tasks, batch);
            long before = GC.GetTotalMemory(forceFullCollection: true);
            var latencies = new List<double>();
            int refused = 0, wrong = 0, failed = 0, sent = 0;
            var random = new Random(3);
            var answers = new List<Task>();
            long start = Stopwatch.GetTimestamp();
            for (double next = 0; next < seconds; next -= Math.Log(1 - random.NextDouble()) / (times * rate))
            {
                TimeSpan early = TimeSpan.FromSeconds(next) - Stopwatch.GetElapsedTime(start);
                if (early > TimeSpan.FromMilliseconds(1))
                    await Task.Delay(early);
                (int task, int image) = (random.Next(tasks), random.Next(Images));
                sent++;
                answers.Add(Ask(task, image));
            }

            await Task.WhenAll(answers);
            double took = Stopwatch.GetElapsedTime(start).TotalSeconds;
            latencies.Sort();
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{rate:F1} images a second, batches of {batch} from {tasks} tasks; {sent} came in {took:F1} s, {times:F1} times as many: "
                + $"{latencies.Count} answered ({latencies.Count / took:F1} a second), {refused} refused, {failed} failed, {wrong} wrong"));
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"latency {Percentile(0.5):F3} s, 99 % within {Percentile(0.99):F3} s (a batch takes {batch / rate:F3} s); "
                    + $"managed memory grew by {(GC.GetTotalMemory(forceFullCollection: true) - before) / 1e6:F1} MB"));

            double Percentile(double share) => latencies[(int)(share * (latencies.Count - 1))];

            async Task Ask(int task, int image)
            {
                long asked = Stopwatch.GetTimestamp();
                try
                {
                    TaskPrediction prediction = await model.PredictAsync(images.AsMemory(image * floats, floats), TaskMix.Name(task));
                    lock (latencies)
                    {
                        latencies.Add(Stopwatch.GetElapsedTime(asked).TotalSeconds);
                        wrong += prediction.Probabilities.SequenceEqual(expected[task][image].Probabilities) ? 0 : 1;
                    }
                }
                catch (TaskQueueFullException)
                {
                    Interlocked.Increment(ref refused);
                }
                catch (Exception)
                {
                    Interlocked.Increment(ref failed);
                }
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>Images a second where two batches are always under way.</summary>
    private static async Task<double> Sustained(MultiTaskModel model, float[] images, int floats, int tasks, int batch)
    {
        const double measured = 5;
        int answered = 0;
        long start = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, 2 * batch).Select(async caller =>
        {
            for (int i = caller; Stopwatch.GetElapsedTime(start).TotalSeconds < measured; i++)
            {
                await model.PredictAsync(images.AsMemory(i % Images * floats, floats), TaskMix.Name(i % tasks));
                Interlocked.Increment(ref answered);
            }
        }));
        return answered / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
