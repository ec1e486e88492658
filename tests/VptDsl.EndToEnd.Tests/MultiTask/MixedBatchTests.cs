using VptDsl.EndToEnd.Tests.Models;
using VptDsl.MultiTask;
using VptDsl.Testing;

namespace VptDsl.EndToEnd.Tests.MultiTask;

/// <summary>Protects users who serve many tasks from answers that another task has a part in.</summary>
public sealed class MixedBatchTests : IDisposable
{
    private const int Tasks = 3;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("vptdsl-mixed-");
    private readonly Device _device = Device.Cpu(threads: 2);

    public static TheoryData<string> Models => ModelCase.Names;

    public void Dispose()
    {
        _device.Dispose();
        _folder.Delete(recursive: true);
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Images_of_several_tasks_in_one_batch_get_what_each_task_says_alone_to_the_bit(string model)
    {
        SaveTasks(model);
        using Tuner alone = ModelCase.All[model].Load(_device, At("backbone"), 99);
        int[] order = [0, 2, 1, 1, 0, 2, 0];
        float[] images = ModelCase.DrawImages(alone, order.Length, seed: 5);
        int floats = images.Length / order.Length, classes = alone.Model.Classes;
        float[][] expected = new float[order.Length][];
        for (int task = 0; task < Tasks; task++)
        {
            alone.LoadTask(At($"task{task}"));
            float[] all = alone.Predict(images);
            foreach (int i in Enumerable.Range(0, order.Length).Where(i => order[i] == task))
                expected[i] = all[(i * classes)..((i + 1) * classes)];
        }

        using var together = new MultiTaskModel(ModelCase.All[model].Load(_device, At("backbone"), 99));
        for (int task = 0; task < Tasks; task++)
            together.Load($"task{task}", At($"task{task}"));
        IReadOnlyList<TaskPrediction> predictions = together.Predict(images, [.. order.Select(task => $"task{task}")]);

        Assert.Equal(Tasks, together.Tasks.Count);
        Assert.All(predictions, p => Assert.Equal(order.Length, p.Batch));
        for (int i = 0; i < order.Length; i++)
        {
            // Updates that are merged into weights for one task alone are rounded with them.
            if (model == nameof(WideImages))
                Assert.InRange(RelativeError.Of([.. predictions[i].Probabilities], expected[i]), 0, 1e-5);
            else
                Assert.Equal(expected[i], predictions[i].Probabilities);
        }

        Assert.NotEqual(expected[0], expected[1]);
        Assert.Equal(floats, together.ImageShape.Floats);
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void A_batch_of_several_tasks_leaves_what_the_model_says_by_itself(string model)
    {
        SaveTasks(model);
        using var together = new MultiTaskModel(ModelCase.All[model].Load(_device, At("backbone"), 99));
        Tuner alone = together.Tuner;
        alone.LoadTask(At("task0"));
        together.Load("task1", At("task1"));
        together.Load("task2", At("task2"));
        // More images than in the other batch, which then finds memory that is large enough.
        float[] images = ModelCase.DrawImages(alone, 7, seed: 5), two = images[..(2 * alone.Model.ImageFloats)];
        float[] probabilities = alone.Predict(images), embeddings = alone.Embed(images);

        IReadOnlyList<TaskPrediction> mixed = together.Predict(two, ["task2", "task1"]);

        Assert.Equal(probabilities, alone.Predict(images));
        Assert.Equal(
            mixed.SelectMany(prediction => prediction.Probabilities),
            together.Predict(two, ["task2", "task1"]).SelectMany(prediction => prediction.Probabilities));
        Assert.Equal(embeddings, alone.Embed(images));
    }

    public static TheoryData<string> Simulated =>
        [.. TestTier.Cases([nameof(PrimeDeep), nameof(LateDeep), nameof(OpenKeyValue)], quick: [nameof(LateDeep)])];

    [Theory]
    [MemberData(nameof(Simulated))]
    public void The_simulator_tells_tasks_apart_as_the_CPU_does(string model)
    {
        using Device device = Device.Simulator();
        TellsTasksApart(model, device);
    }

    [SkippableTheory]
    [InlineData(nameof(LateDeep))]
    [InlineData(nameof(OpenKeyValue))]
    public void OpenCL_tells_tasks_apart_as_the_CPU_does(string model)
    {
        using Device? found = OpenClOnCpu.TryOpen();
        TellsTasksApart(model, OpenClOnCpu.Require(found));
    }

    private void TellsTasksApart(string model, Device device)
    {
        const double tolerance = 1e-4;
        SaveTasks(model);
        string[] order = ["task2", "task0", "task2", "task1"];
        float[][] expected = Predict(_device), actual = Predict(device);
        for (int i = 0; i < order.Length; i++)
            Assert.InRange(RelativeError.Of(actual[i], expected[i]), 0, tolerance);

        float[][] Predict(Device where)
        {
            using var together = new MultiTaskModel(ModelCase.All[model].Load(where, At("backbone"), 99));
            for (int task = 0; task < Tasks; task++)
                together.Load($"task{task}", At($"task{task}"));
            using Tuner drawn = ModelCase.All[model].Create(_device, 1);
            return
            [
                .. together.Predict(ModelCase.DrawImages(drawn, order.Length, seed: 5), order)
                    .Select(prediction => prediction.Probabilities.ToArray()),
            ];
        }
    }

    /// <summary>A backbone and tasks on it that differ in all that is trained.</summary>
    private void SaveTasks(string model)
    {
        using Tuner first = ModelCase.All[model].Create(_device, 1);
        first.SaveBackbone(At("backbone"));
        for (int task = 0; task < Tasks; task++)
        {
            using Tuner tuner = ModelCase.All[model].Load(_device, At("backbone"), task);
            tuner.Fit(ModelCase.DrawSet(tuner, 8, seed: task), options: ModelCase.Options);
            tuner.SaveTask(At($"task{task}"));
        }
    }

    private string At(string name) => Path.Combine(_folder.FullName, name + ".safetensors");
}
