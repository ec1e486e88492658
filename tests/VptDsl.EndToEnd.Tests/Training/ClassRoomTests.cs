using VptDsl.Data;
using VptDsl.EndToEnd.Tests.Models;
using VptDsl.MultiTask;
using VptDsl.Programs;
using VptDsl.Tasks;
using VptDsl.Training;
using VptDsl.Weights;

namespace VptDsl.EndToEnd.Tests.Training;

/// <summary>
/// Protects tasks with fewer classes than a head has room for: they are trained, used, saved and loaded as if no more had been declared.
/// </summary>
public sealed class ClassRoomTests : IDisposable
{
    private const int Seed = 4;

    private static readonly IReadOnlyDictionary<string, (Func<Device, int, Tuner> Exact, Func<Device, int, Tuner> Roomy)> Pairs =
        new Dictionary<string, (Func<Device, int, Tuner>, Func<Device, int, Tuner>)>
        {
            [nameof(RoomyProbe)] = (OddProbe.Create, RoomyProbe.Create),
            [nameof(RoomyDeep)] = (PrimeDeep.Create, RoomyDeep.Create),
            [nameof(RoomyEverything)] = (Everything.Create, RoomyEverything.Create),
            [nameof(RoomySide)] = (SideBeside.Create, RoomySide.Create),
            [nameof(RoomyMlp)] = (OddMlp.Create, RoomyMlp.Create),
            [nameof(RoomyLinearSegmenter)] = (LinearSegmenter.Create, RoomyLinearSegmenter.Create),
            [nameof(RoomyNaiveSegmenter)] = (NaiveSegmenter.Create, RoomyNaiveSegmenter.Create),
        };

    private static readonly FitOptions Options = ModelCase.Options with { KeepBest = false };

    private readonly Device _device = Device.Cpu(threads: 2);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("vptdsl-room-");

    public static TheoryData<string> Models => [.. Pairs.Keys];

    /// <summary>What would move a bias that must stay where it is, if anything does.</summary>
    public static TheoryData<string, OptimizerKind, DecayedParameters> Trainings
    {
        get
        {
            var trainings = new TheoryData<string, OptimizerKind, DecayedParameters>();
            foreach (string model in Pairs.Keys)
            {
                trainings.Add(model, OptimizerKind.Sgd, DecayedParameters.All);
                trainings.Add(model, OptimizerKind.AdamW, DecayedParameters.All);
                trainings.Add(model, OptimizerKind.Sgd, DecayedParameters.AllButHeadBias);
            }

            return trainings;
        }
    }

    public void Dispose()
    {
        _device.Dispose();
        _folder.Delete(recursive: true);
    }

    [Theory]
    [MemberData(nameof(Trainings))]
    public void Fewer_classes_are_trained_as_if_no_more_had_been_declared(string model, OptimizerKind kind, DecayedParameters decayed)
    {
        using Tuner exact = Pairs[model].Exact(_device, Seed), roomy = Pairs[model].Roomy(_device, Seed);
        Optimizer usual = kind == OptimizerKind.Sgd ? Optimizer.Sgd : Optimizer.AdamW;
        FitOptions options = Options with { Optimizer = usual with { Decayed = decayed, WeightDecay = 0.3f } };
        IImageSource train = DrawSet(exact, count: 11, seed: 1), test = DrawSet(exact, count: 7, seed: 2);

        FitReport expected = exact.Fit(train, test, options), actual = roomy.Fit(train, test, options);

        Assert.Equal(exact.Model.Classes, roomy.TaskClasses);
        for (int epoch = 0; epoch < expected.Epochs.Length; epoch++)
        {
            AssertNear(expected.Epochs[epoch].TrainLoss, actual.Epochs[epoch].TrainLoss);
            AssertNear(expected.Epochs[epoch].ValidationLoss!.Value, actual.Epochs[epoch].ValidationLoss!.Value);
        }

        AssertSameAnswers(exact, roomy);
        Evaluation evaluation = roomy.Evaluate(test);
        AssertNear(exact.Evaluate(test).MeanLoss, evaluation.MeanLoss);
        Assert.Equal(exact.Model.Classes, evaluation.Confusion.Classes);
        AssertOthersKeptOut(roomy);
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void A_head_is_drawn_and_saved_as_that_of_a_model_with_no_more_classes(string model)
    {
        using Tuner exact = Pairs[model].Exact(_device, Seed), roomy = Pairs[model].Roomy(_device, Seed);

        roomy.ResetHead(exact.Model.Classes);
        exact.SaveTask(At("exact"));
        roomy.SaveTask(At("roomy"));

        Assert.Equal(File.ReadAllBytes(At("exact")), File.ReadAllBytes(At("roomy")));
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void A_task_is_loaded_into_any_head_that_has_room_for_it(string model)
    {
        using Tuner exact = Pairs[model].Exact(_device, Seed), roomy = Pairs[model].Roomy(_device, Seed),
            larger = Pairs[model].Roomy(_device, Seed);
        IImageSource set = DrawSet(exact, count: 9, seed: 1);
        roomy.Fit(set, null, Options);
        roomy.SaveTask(At("task"));

        exact.LoadTask(At("task"));
        larger.LoadTask(At("task"));

        AssertSameAnswers(exact, roomy);
        Assert.Equal(roomy.Predict(DrawImages(roomy)), larger.Predict(DrawImages(roomy)));
        Assert.Equal(exact.Model.Classes, larger.TaskClasses);
        Assert.Equal(exact.ClassNames, larger.ClassNames);
        Assert.Equal(exact.Model.Classes, TaskFile.Inspect(At("task")).Classes);
        larger.Fit(set, null, Options);
        roomy.Fit(set, null, Options);
        AssertSameAnswers(roomy, larger);
        AssertOthersKeptOut(larger);
    }

    [Fact]
    public void A_task_with_more_classes_than_there_is_room_for_is_refused()
    {
        using Tuner exact = OddProbe.Create(_device, Seed), roomy = RoomyProbe.Create(_device, Seed);
        roomy.ResetHead(4);
        roomy.SaveTask(At("task"));
        float[] before = exact.Trained();

        string message = Assert.Throws<WeightFileException>(() => exact.LoadTask(At("task"))).Message;

        Assert.Contains("the task has 4 classes, but the head of OddProbe has room for 3", message, StringComparison.Ordinal);
        Assert.Contains("Declare the head with Classes = 4, or more", message, StringComparison.Ordinal);
        Assert.Equal(before, exact.Trained());
    }

    [Theory]
    [InlineData(nameof(RoomyProbe))]
    [InlineData(nameof(RoomyDeep))]
    public void A_run_that_was_stopped_goes_on_with_its_classes(string model)
    {
        using Tuner whole = Pairs[model].Roomy(_device, Seed), stopped = Pairs[model].Roomy(_device, Seed),
            resumed = Pairs[model].Roomy(_device, Seed);
        using Tuner exact = Pairs[model].Exact(_device, Seed);
        IImageSource train = DrawSet(exact, count: 11, seed: 1), test = DrawSet(exact, count: 7, seed: 2);
        FitOptions options = Options with { KeepBest = true, Checkpoint = new Checkpoint(At("run")) { EverySteps = 1 } };
        whole.Fit(train, test, options with { Checkpoint = null });
        using var stop = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(
            () => stopped.Fit(train, test, options with { EpochCompleted = _ => stop.Cancel() }, stop.Token));

        resumed.Fit(train, test, options);

        Assert.Equal(exact.Model.Classes, resumed.TaskClasses);
        Assert.Equal(whole.Trained(), resumed.Trained());
        Assert.Equal(whole.Predict(DrawImages(whole)), resumed.Predict(DrawImages(whole)));
    }

    [Fact]
    public void Kernels_leave_other_classes_nothing()
    {
        using Device simulator = Device.Simulator();
        using Tuner exact = OddMlp.Create(simulator, Seed), roomy = RoomyMlp.Create(simulator, Seed);
        IImageSource set = DrawSet(exact, count: 4, seed: 1);
        FitOptions options = Options with
        {
            Epochs = 2,
            Optimizer = Optimizer.Sgd with { Decayed = DecayedParameters.All, WeightDecay = 0.3f },
        };

        exact.Fit(set, null, options);
        roomy.Fit(set, null, options);

        AssertSameAnswers(exact, roomy);
        AssertOthersKeptOut(roomy);
    }

    [Fact]
    public void A_fit_that_takes_no_step_leaves_the_head_as_it_was()
    {
        using Tuner roomy = RoomyDeep.Create(_device, Seed), exact = PrimeDeep.Create(_device, Seed);
        float[] before = roomy.Trained();
        IImageSource set = DrawSet(exact, count: 6, seed: 1);

        Assert.Throws<ArgumentOutOfRangeException>(() => roomy.Fit(set, null, Options with { Epochs = 0 }));
        Assert.Throws<OperationCanceledException>(() => roomy.Fit(set, null, Options, new CancellationToken(canceled: true)));

        Assert.Equal(before, roomy.Trained());
        Assert.Equal(20, roomy.TaskClasses);
        roomy.Fit(set, null, Options);
        Assert.Equal(7, roomy.TaskClasses);
    }

    [Fact]
    public void A_task_keeps_its_classes_until_another_is_begun()
    {
        using Tuner roomy = RoomyDeep.Create(_device, Seed), exact = PrimeDeep.Create(_device, Seed);
        Assert.Equal(20 * 3, roomy.Predict(DrawImages(roomy, count: 3)).Length);
        roomy.Fit(DrawSet(exact, count: 8, seed: 1), null, Options);
        ImageSet fewer = ImageSet.FromFloats(
            new ImageShape(3, 21, 21), DrawImages(roomy, count: 4), [0, 1, 1, 0], ["left", "right"]);
        string prompts = Prompts(roomy);

        string refused = Assert.Throws<ArgumentException>(() => roomy.Fit(fewer, null, Options)).Message;
        Assert.StartsWith(
            "The training set has 2 classes (left, right), but the head of RoomyDeep tells 7 classes (class 0, ", refused,
            StringComparison.Ordinal);
        Assert.Contains("call ResetHead(2) to begin a task of as many", refused, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => roomy.Evaluate(fewer));

        roomy.ResetHead(2);
        Assert.Equal((2, null, prompts), (roomy.TaskClasses, roomy.ClassNames, Prompts(roomy)));
        roomy.Fit(fewer, null, Options);
        Assert.Equal(["left", "right"], roomy.ClassNames!);
        Assert.Equal(2 * 3, roomy.Predict(DrawImages(roomy, count: 3)).Length);
        Assert.Equal(2, roomy.Evaluate(fewer).Confusion.Classes);
        Assert.Throws<ArgumentOutOfRangeException>(() => roomy.ResetHead(1));
        Assert.Contains(
            "has room for 20 classes: declare it with Classes = 21, or more",
            Assert.Throws<ArgumentOutOfRangeException>(() => roomy.ResetHead(21)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void More_classes_than_there_is_room_for_are_refused_with_both_numbers()
    {
        using Tuner exact = OddProbe.Create(_device, Seed), roomy = RoomyMlp.Create(_device, Seed);
        roomy.ResetHead(5);
        ImageSet set = ModelCase.DrawSet(roomy, count: 4, seed: 1);

        string message = Assert.Throws<ArgumentException>(() => exact.Fit(set, null, Options)).Message;

        Assert.Contains("has 12 classes (", message, StringComparison.Ordinal);
        Assert.EndsWith(
            "the head of OddProbe has room for 3: declare the head with Classes = 12, or more.", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Tasks_with_different_numbers_of_classes_are_served_in_one_batch()
    {
        using Tuner roomy = RoomyDeep.Create(_device, Seed);
        float[] image = DrawImages(roomy, count: 1);
        float[][] expected = [.. new[] { 3, 7 }.Select(classes =>
        {
            roomy.ResetHead(classes);
            roomy.SaveTask(At($"{classes}"));
            return roomy.Predict(image);
        })];
        using var model = new MultiTaskModel(roomy);
        model.Load("three", At("3"));
        model.Load("seven", At("7"));

        IReadOnlyList<TaskPrediction> predictions = model.Predict((float[])[.. image, .. image], ["three", "seven"]);

        foreach ((float[] alone, TaskPrediction served) in expected.Zip(predictions))
        {
            Assert.Equal(alone.Length, served.Probabilities.Length);
            Assert.All(alone.Zip(served.Probabilities), pair => Assert.Equal(pair.First, pair.Second, 2e-5f));
        }
    }

    [Fact]
    public void A_label_that_the_task_has_not_is_refused_with_its_number_of_classes()
    {
        using Tuner roomy = RoomyProbe.Create(_device, Seed);
        roomy.ResetHead(3);
        float[] image = DrawImages(roomy, count: 1);

        Assert.Contains(
            "The task of RoomyProbe has classes 0 to 2",
            Assert.Throws<ArgumentOutOfRangeException>(() => roomy.Compiled.SetBatch(image, [3])).Message, StringComparison.Ordinal);
    }

    private static string Prompts(Tuner tuner) => string.Join(
        ' ', tuner.Model.Parameters.Where(p => p.Kind == ParameterKind.Prompt).SelectMany(p => tuner.Compiled.Read(p)));

    /// <summary>Nothing of another class has moved, and nothing of it would.</summary>
    private static void AssertOthersKeptOut(Tuner tuner)
    {
        foreach (ParameterDescription parameter in tuner.Model.Parameters.Where(p => p.Name is "head.weight" or "head.bias"))
        {
            int others = (int)(parameter.Count / tuner.Model.Classes * tuner.TaskClasses);
            float kept = parameter.Name == "head.bias" ? -1e30f : 0;
            Assert.All(tuner.Compiled.Read(parameter)[others..], value => Assert.Equal(kept, value));
            float[] gradients = tuner.Gradients().AsSpan((int)parameter.Offset, (int)parameter.Count).ToArray();
            Assert.Contains(gradients, gradient => gradient != 0);
            Assert.All(gradients[others..], gradient => Assert.Equal(0, gradient));
        }
    }

    private static void AssertSameAnswers(Tuner expected, Tuner actual)
    {
        float[] images = DrawImages(expected), first = expected.Predict(images), second = actual.Predict(images);
        Assert.Equal(first.Length, second.Length);
        Assert.All(first.Zip(second), pair => Assert.Equal(pair.First, pair.Second, 2e-5f));
        Assert.All(second.Chunk(actual.TaskClasses), row => Assert.Equal(1, row.Sum(), 1e-5f));
    }

    private static void AssertNear(double expected, double actual) =>
        Assert.Equal(expected, actual, 2e-5 * Math.Max(1, Math.Abs(expected)));

    private static float[] DrawImages(Tuner tuner, int count = 5) => ModelCase.DrawImages(tuner, count, seed: 9);

    private static IImageSource DrawSet(Tuner tuner, int count, int seed) => tuner is SegmentationTuner
        ? RenderedSets.DrawParts(tuner.Model.ImageSize.Height, count, seed)
        : ModelCase.DrawSet(tuner, count, seed);

    private string At(string name) => Path.Combine(_folder.FullName, name);
}
