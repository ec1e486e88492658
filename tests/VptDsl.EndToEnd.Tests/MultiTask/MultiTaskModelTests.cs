using System.Runtime.CompilerServices;
using VptDsl.Devices.Ilgpu;
using VptDsl.EndToEnd.Tests.Models;
using VptDsl.MultiTask;
using VptDsl.Programs;
using VptDsl.Weights;

namespace VptDsl.EndToEnd.Tests.MultiTask;

/// <summary>Protects a service from losing an image, mixing tasks up, or standing still, whatever becomes of its tasks meanwhile.</summary>
public sealed class MultiTaskModelTests : IDisposable
{
    private const int Tasks = 4, Images = 6;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("vptdsl-multi-");
    private readonly Device _device = Device.Cpu(threads: 2);
    private readonly float[] _images;
    private readonly float[][] _expected;
    private readonly int _floats, _classes;

    public MultiTaskModelTests()
    {
        using Tuner tuner = PrimeDeep.Create(_device, 1);
        tuner.SaveBackbone(At("backbone"));
        _images = ModelCase.DrawImages(tuner, Images, seed: 7);
        (_floats, _classes) = (tuner.Model.ImageFloats, tuner.Model.Classes);
        _expected = [.. Enumerable.Range(0, Tasks).Select(task =>
        {
            using Tuner alone = PrimeDeep.Load(_device, At("backbone"), task);
            alone.Fit(ModelCase.DrawSet(alone, 8, seed: task), options: ModelCase.Options);
            alone.SaveTask(At(Name(task)));
            return alone.Predict(_images);
        })];
    }

    public void Dispose()
    {
        _device.Dispose();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Each_of_many_threads_gets_its_own_tasks_answer()
    {
        using MultiTaskModel model = Open(Tasks);

        await Task.WhenAll(Enumerable.Range(0, 8).Select(caller => Task.Run(async () =>
        {
            for (int i = 0; i < 40; i++)
            {
                int task = (caller + i) % Tasks, image = (caller * i) % Images;
                TaskPrediction prediction = await model.PredictAsync(ImageOf(image), Name(task));
                Assert.Equal(Name(task), prediction.Task);
                Assert.Equal(Expected(task, image), prediction.Probabilities);
            }
        })));

        Assert.Equal(0, model.Waiting);
    }

    [Fact]
    public async Task A_task_is_replaced_under_load_without_a_lost_or_a_foreign_answer()
    {
        using MultiTaskModel model = Open(1);
        using var stop = new CancellationTokenSource();
        Task<int>[] callers = [.. Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            int answers = 0;
            do
            {
                TaskPrediction prediction = await model.PredictAsync(ImageOf(0), Name(0));
                Assert.Contains(Enumerable.Range(0, Tasks), task => Expected(task, 0).SequenceEqual(prediction.Probabilities));
                answers++;
            }
            while (!stop.IsCancellationRequested);

            return answers;
        }))];

        for (int i = 1; i <= 20; i++)
        {
            model.Replace(Name(0), At(Name(i % Tasks)));
            Assert.Equal(Expected(i % Tasks, 0), (await model.PredictAsync(ImageOf(0), Name(0))).Probabilities);
        }

        await stop.CancelAsync();
        Assert.All(await Task.WhenAll(callers), answers => Assert.True(answers > 0));
        model.Predict(ImageOf(0), [Name(0)]);
        Assert.Equal(1, model.OnDevice().Tasks);
    }

    [Fact]
    public void Tasks_that_take_too_much_leave_and_come_back_as_they_were()
    {
        using MultiTaskModel model = Open(Tasks, new MultiTaskOptions { TaskMemoryBytes = 2 * TaskBytes });

        for (int round = 0; round < 3; round++)
        {
            for (int task = 0; task < Tasks; task++)
            {
                Assert.Equal(Expected(task, round), Assert.Single(model.Predict(ImageOf(round), [Name(task)])).Probabilities);
                Assert.InRange(model.OnDevice().Bytes, TaskBytes, 2 * TaskBytes);
            }
        }

        Assert.Equal(Tasks, model.Tasks.Count);
    }

    [Fact]
    public void Tasks_beyond_the_budget_leave_a_device_that_has_no_room_for_the_batch()
    {
        using var device = IlgpuDevice.CreateSimulator();
        using var model = new MultiTaskModel(PrimeDeep.Load(device, At("backbone"), 99), new MultiTaskOptions { TaskMemoryBytes = 0 });
        model.Load(Name(0), At(Name(0)));
        Assert.Equal(1, model.OnDevice().Tasks);
        device.MostBytes = 0;

        Assert.Throws<InsufficientMemoryException>(() => model.Predict(ImageOf(0), [Name(0)]));

        Assert.Equal(0, model.OnDevice().Tasks);
    }

    [Theory]
    [InlineData("deleted")]
    [InlineData("truncated")]
    [InlineData("corrupt")]
    [InlineData("another task")]
    public async Task A_file_that_is_gone_or_broken_is_its_own_tasks_error_alone(string fault)
    {
        using MultiTaskModel model = Open(Tasks, new MultiTaskOptions { TaskMemoryBytes = 0 });
        byte[] whole = File.ReadAllBytes(At(Name(1)));
        switch (fault)
        {
            case "deleted":
                File.Delete(At(Name(1)));
                break;
            case "truncated":
                File.WriteAllBytes(At(Name(1)), whole[..^5]);
                break;
            case "corrupt":
                whole[^3] ^= 64;
                File.WriteAllBytes(At(Name(1)), whole);
                break;
            default:
                File.Copy(At(Name(2)), At(Name(1)), overwrite: true);
                break;
        }

        Task<TaskPrediction>[] answers = Hold(
            model, () => [.. Enumerable.Range(0, 3).Select(task => model.PredictAsync(ImageOf(0), Name(task)))]);

        Assert.Equal(Expected(0, 0), (await answers[0]).Probabilities);
        Exception error = await Assert.ThrowsAnyAsync<Exception>(() => answers[1]);
        Assert.True(error is IOException or WeightFileException, error.ToString());
        Assert.Contains(At(Name(1)), error.Message, StringComparison.Ordinal);
        Assert.Equal(Expected(2, 0), (await answers[2]).Probabilities);
        model.Replace(Name(1), At(Name(3)));
        Assert.Equal(Expected(3, 0), (await model.PredictAsync(ImageOf(0), Name(1))).Probabilities);
    }

    [Fact]
    public async Task What_is_more_than_may_wait_is_refused_and_what_waits_is_answered()
    {
        using MultiTaskModel model = Open(1, new MultiTaskOptions { MaxBatch = 1, MaxWaiting = 2 });

        Task<TaskPrediction>[] answers = Hold(model, () =>
        {
            Task<TaskPrediction> computed = model.PredictAsync(ImageOf(0), Name(0));
            Assert.True(SpinWait.SpinUntil(() => model.Waiting == 0, TimeSpan.FromMinutes(1)));
            Task<TaskPrediction>[] waiting = [.. Enumerable.Range(1, 2).Select(i => model.PredictAsync(ImageOf(i), Name(0)))];
            TaskQueueFullException full = Assert.Throws<TaskQueueFullException>(
                () => { _ = model.PredictAsync(ImageOf(3), Name(0)); });
            Assert.Equal(2, full.Waiting);
            Assert.StartsWith("2 images are waiting, as many as may", full.Message, StringComparison.Ordinal);
            return [computed, .. waiting];
        });

        for (int i = 0; i < answers.Length; i++)
            Assert.Equal(Expected(0, i), (await answers[i]).Probabilities);
    }

    [Fact]
    public async Task A_cancelled_image_leaves_the_queue_and_its_task_can_leave_too()
    {
        using MultiTaskModel model = Open(2, new MultiTaskOptions { MaxBatch = 1 });
        using var cancelled = new CancellationTokenSource();

        Task<TaskPrediction>[] answers = Hold(model, () =>
        {
            Task<TaskPrediction> first = model.PredictAsync(ImageOf(0), Name(0));
            Assert.True(SpinWait.SpinUntil(() => model.Waiting == 0, TimeSpan.FromMinutes(1)));
            Task<TaskPrediction> second = model.PredictAsync(ImageOf(1), Name(1), cancelled.Token),
                third = model.PredictAsync(ImageOf(2), Name(0));
            cancelled.Cancel();
            Assert.Equal(1, model.Waiting);
            return [first, second, third];
        });

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => answers[1]);
        Assert.Equal(Expected(0, 0), (await answers[0]).Probabilities);
        Assert.Equal(Expected(0, 2), (await answers[2]).Probabilities);
        Assert.True(model.Unload(Name(1)));
        Assert.False(model.Unload(Name(1)));
        Assert.Equal(1, model.OnDevice().Tasks);
    }

    [Fact]
    public void What_is_answered_is_not_held_by_a_token_that_lives_on()
    {
        using MultiTaskModel model = Open(1);
        using var living = new CancellationTokenSource();

        WeakReference[] images = AnswerMany(model.Tasks[0], living.Token);

        // A thread that answered may have the last image on its stack for a moment.
        for (int tries = 0; tries < 100 && images.Any(image => image.IsAlive); tries++)
        {
            Thread.Sleep(10);
            GC.Collect();
        }

        Assert.DoesNotContain(images, image => image.IsAlive);
    }

    [Fact]
    public async Task What_waits_is_answered_before_the_end_and_nothing_after_it()
    {
        MultiTaskModel model = Open(2);
        Task<TaskPrediction>[] answers = Hold(
            model, () => [.. Enumerable.Range(0, 4).Select(i => model.PredictAsync(ImageOf(i), Name(1)))]);
        model.Dispose();

        for (int i = 0; i < answers.Length; i++)
            Assert.Equal(Expected(1, i), (await answers[i]).Probabilities);
        Assert.Throws<ObjectDisposedException>(() => { _ = model.PredictAsync(ImageOf(0), Name(0)); });
        Assert.Throws<ObjectDisposedException>(() => model.Predict(ImageOf(0), [Name(0)]));
        model.Dispose();
    }

    [Fact]
    public async Task An_ensemble_says_the_mean_of_its_tasks()
    {
        using MultiTaskModel model = Open(Tasks);

        TaskPrediction together = await model.PredictEnsembleAsync(ImageOf(2), [Name(0), Name(1), Name(3)]);

        float[] mean = [.. Enumerable.Range(0, _classes).Select(c => new[] { 0, 1, 3 }.Average(task => Expected(task, 2)[c]))];
        Assert.Equal(mean, together.Probabilities);
        Assert.Equal("task0+task1+task3", together.Task);
        Assert.Equal(1, together.Probabilities.Sum(), 1e-5);
        Assert.Equal(together.Probabilities.Max(), together.Top(2)[0].Probability);
    }

    [Fact]
    public async Task An_image_whose_numbers_overflow_is_an_error_that_names_its_task_alone()
    {
        using MultiTaskModel model = Open(2);
        float[] glaring = [.. Enumerable.Range(0, _floats).Select(i => i % 2 == 0 ? float.MaxValue : -float.MaxValue)];

        Task<TaskPrediction>[] answers = Hold(
            model, () => [model.PredictAsync(glaring, Name(0)), model.PredictAsync(ImageOf(0), Name(1))]);

        NotFiniteNumberException error = await Assert.ThrowsAsync<NotFiniteNumberException>(() => answers[0]);
        Assert.StartsWith("What the task \"task0\" says", error.Message, StringComparison.Ordinal);
        Assert.Equal(Expected(1, 0), (await answers[1]).Probabilities);
        Assert.Throws<NotFiniteNumberException>(() => model.Predict(glaring, [Name(1)]));
    }

    [Fact]
    public void What_cannot_be_answered_says_why()
    {
        using MultiTaskModel model = Open(1);

        Assert.StartsWith(
            "There is no task \"roses\" among the 1 that are loaded.",
            Assert.Throws<ArgumentException>(() => { _ = model.PredictAsync(ImageOf(0), "roses"); }).Message, StringComparison.Ordinal);
        Assert.Contains(
            $"takes {_floats} floats an image",
            Assert.Throws<ArgumentException>(() => { _ = model.PredictAsync(new float[3], Name(0)); }).Message, StringComparison.Ordinal);
        Assert.Contains(
            "There is a task \"task0\" already", Assert.Throws<ArgumentException>(() => model.Load(Name(0), At(Name(1)))).Message,
            StringComparison.Ordinal);
        Assert.ThrowsAny<Exception>(() => model.Load("backbone", At("backbone")));
        Assert.Equal(1, model.OnDevice().Tasks);
        Assert.Equal(Name(0), Assert.Single(model.Tasks).Name);
        using Tuner segmenter = SegmentationModel();
        Assert.Contains(
            "tells the classes of pixels", Assert.Throws<ArgumentException>(() => new MultiTaskModel(segmenter)).Message,
            StringComparison.Ordinal);
    }

    /// <summary>Answers so many images of several callers that some are answered before they come to know their token.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference[] AnswerMany(ServedTask task, CancellationToken cancellation)
    {
        float[][] images = [.. Enumerable.Range(0, 200_000).Select(_ => new float[1])];
        var answer = new PredictionResult(new TaskPrediction(task.Name, [1], ["a"]), null);
        using var queue = new PredictionQueue(
            batch => [.. batch.Select(_ => answer)], new MultiTaskOptions { MaxBatch = images.Length, MaxWaiting = images.Length });
        Parallel.ForEach(
            images, new ParallelOptions { MaxDegreeOfParallelism = 8 },
            image => queue.Enqueue([(new ReadOnlyMemory<float>(image), task)], cancellation));
        return Array.ConvertAll(images, image => new WeakReference(image));
    }

    [Theory]
    [InlineData("frozen prompts")]
    [InlineData("frozen statistics")]
    public void What_training_leaves_alone_all_tasks_share(string kind)
    {
        bool isPrompts = kind == "frozen prompts";
        using (Tuner origin = isPrompts ? VitPromptNoupdate.Create(_device, 0) : VitLinearMlp3.Create(_device, 0))
        {
            origin.SaveBackbone(At("shared"));
            origin.Fit(ModelCase.DrawSet(origin, 8, seed: 1), options: ModelCase.Options);
            origin.SaveTask(At("one"));
        }

        using Tuner alone = Model();
        alone.LoadTask(At("one"));
        float[] images = ModelCase.DrawImages(alone, 1, seed: 3), expected = alone.Predict(images);

        Tuner serving = Model();
        serving.LoadTask(At("one"));
        using var model = new MultiTaskModel(serving);
        model.Load("one", At("one"));
        Assert.Equal(expected, Assert.Single(model.Predict(images, ["one"])).Probabilities);

        Tuner Model() => isPrompts ? VitPromptNoupdate.Load(_device, At("shared"), 5) : VitLinearMlp3.Load(_device, At("shared"), 5);
    }

    [Fact]
    public void A_task_with_frozen_prompts_of_its_own_is_refused()
    {
        using (Tuner origin = VitPromptNoupdate.Create(_device, 0))
        {
            origin.SaveBackbone(At("shared"));
            origin.SaveTask(At("one"));
        }

        using var model = new MultiTaskModel(VitPromptNoupdate.Load(_device, At("shared"), 5));
        WeightFileException error = Assert.Throws<WeightFileException>(() => model.Load("one", At("one")));

        Assert.StartsWith("prompts.", error.Tensor, StringComparison.Ordinal);
        Assert.Contains("all tasks share what the declaration leaves untrained", error.Message, StringComparison.Ordinal);
        Assert.Contains("Load one of the tasks into the model before it serves", error.Message, StringComparison.Ordinal);
        Assert.Equal(0, model.OnDevice().Tasks);
    }

    /// <summary>Does something while the device is taken, so that images wait for certain.</summary>
    private static Task<TaskPrediction>[] Hold(MultiTaskModel model, Func<Task<TaskPrediction>[]> act)
    {
        using var taken = new ManualResetEventSlim();
        using var done = new ManualResetEventSlim();
        var holder = new Thread(() =>
        {
            using DeviceTurn turn = model.Tuner.Compiled.TakeTurn();
            taken.Set();
            done.Wait();
        });
        holder.Start();
        taken.Wait();
        try
        {
            return act();
        }
        finally
        {
            done.Set();
            holder.Join();
        }
    }

    private MultiTaskModel Open(int tasks, MultiTaskOptions? options = null)
    {
        var model = new MultiTaskModel(PrimeDeep.Load(_device, At("backbone"), 99), options);
        for (int task = 0; task < tasks; task++)
            model.Load(Name(task), At(Name(task)));
        return model;
    }

    private Tuner SegmentationModel() => NaiveSegmenter.Create(_device);

    private static long TaskBytes => 4 * PrimeDeep.TrainableParameters;

    private static string Name(int task) => $"task{task}";

    private float[] ImageOf(int image) => _images[(image * _floats)..((image + 1) * _floats)];

    private float[] Expected(int task, int image) => _expected[task][(image * _classes)..((image + 1) * _classes)];

    private string At(string name) => Path.Combine(_folder.FullName, name + ".safetensors");
}
