using VptDsl.Training;

namespace VptDsl.Concurrency.Tests;

/// <summary>A model that many threads use, and what it gives on one thread, with either of two tasks.</summary>
internal sealed class SharedModel
{
    /// <summary>The sizes of batches that are asked for; the last takes two passes.</summary>
    public static readonly int[] Batches = [1, 3, 7, 70];

    /// <summary>A rate of zero: the model stays as it is, so that calls beside fits can be checked.</summary>
    public static readonly FitOptions StandingStill = new()
    {
        Epochs = 2,
        BatchSize = 8,
        BaseLearningRate = 0,
        Progress = ProgressDisplay.Off,
    };

    /// <summary>A fit that changes something.</summary>
    public static readonly FitOptions Learning = StandingStill with { BaseLearningRate = 2 };

    private readonly Func<Device, Tuner> _create;
    private readonly Expected[] _expected;

    /// <summary>Computes what is expected.</summary>
    /// <param name="create">Creates a tuner, always the same one.</param>
    /// <param name="device">The device that many threads will use, or another of its kind.</param>
    /// <param name="folder">Where the tasks' files go.</param>
    public SharedModel(Func<Device, Tuner> create, Device device, string folder)
    {
        _create = create;
        using Tuner tuner = create(device);
        string name = Path.Combine(folder, tuner.Model.Name);
        Tasks = [$"{name}.first", $"{name}.second"];
        _expected = [.. Tasks.Select((path, i) =>
        {
            tuner.Fit(Images.DrawSet(16, seed: 100 + i), options: Learning with { Seed = i });
            tuner.SaveTask(path);
            return Expected.Of(tuner);
        })];
        using Tuner fresh = create(device);
        Fitted = Fit(fresh, name + ".fitted");
    }

    /// <summary>The files of the two tasks.</summary>
    public string[] Tasks { get; }

    /// <summary>The bytes of the task that <see cref="Learning"/> makes of a new tuner.</summary>
    public byte[] Fitted { get; }

    /// <summary>A tuner with the first task.</summary>
    public Tuner Open(Device device)
    {
        Tuner tuner = _create(device);
        tuner.LoadTask(Tasks[0]);
        return tuner;
    }

    /// <summary>A tuner without a task.</summary>
    public Tuner Create(Device device) => _create(device);

    /// <summary>The task that a fit makes of a new tuner.</summary>
    public static byte[] Fit(Tuner fresh, string path)
    {
        fresh.Fit(Images.DrawSet(16, seed: 7), Images.DrawSet(8, seed: 8), Learning);
        fresh.SaveTask(path);
        return File.ReadAllBytes(path);
    }

    public void CheckPredicted(int batch, float[] actual) => Check("Predict", actual, e => e.Predicted[batch]);

    public void CheckEmbedded(int batch, float[] actual) => Check("Embed", actual, e => e.Embedded[batch]);

    public void CheckEvaluated(Evaluation actual) => Check("Evaluate", [(float)actual.MeanLoss, (float)actual.Accuracy], e => e.Evaluated);

    public void CheckSaved(byte[] actual)
    {
        if (!Tasks.Any(task => File.ReadAllBytes(task).AsSpan().SequenceEqual(actual)))
            throw new InvalidDataException("SaveTask wrote neither of the two tasks.");
    }

    private void Check(string call, float[] actual, Func<Expected, float[]> of)
    {
        if (!_expected.Any(expected => of(expected).AsSpan().SequenceEqual(actual)))
            throw new InvalidDataException($"{call} gave [{string.Join(", ", actual.Take(6))} …], which neither of the two tasks gives.");
    }

    /// <summary>What a task gives on one thread.</summary>
    private sealed record Expected(Dictionary<int, float[]> Predicted, Dictionary<int, float[]> Embedded, float[] Evaluated)
    {
        public static Expected Of(Tuner tuner)
        {
            Evaluation evaluation = tuner.Evaluate(Images.DrawSet(20, seed: 9), batchSize: 6);
            return new(
                Batches.ToDictionary(n => n, n => tuner.Predict(Images.Draw(n, seed: n))),
                Batches.ToDictionary(n => n, n => tuner.Embed(Images.Draw(n, seed: n))),
                [(float)evaluation.MeanLoss, (float)evaluation.Accuracy]);
        }
    }
}
