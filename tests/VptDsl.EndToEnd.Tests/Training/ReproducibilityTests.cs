using VptDsl.EndToEnd.Tests.Models;
using VptDsl.Programs;
using VptDsl.Training;

namespace VptDsl.EndToEnd.Tests.Training;

/// <summary>The same seed gives the same bits: whatever the number of threads, and down to the bytes of the file that is shared.</summary>
public sealed class ReproducibilityTests : IDisposable
{
    private const int Batch = 5, Steps = 4;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("vptdsl-reproducibility-");

    public static TheoryData<string> Models => ModelCase.Names;

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [MemberData(nameof(Models))]
    public void Threads_change_no_bit_of_training(string model)
    {
        foreach (OptimizerKind optimizer in new[] { OptimizerKind.Sgd, OptimizerKind.AdamW })
        {
            float[] expected = TrainWith(model, threads: 1, optimizer);
            Assert.All(expected, value => Assert.True(float.IsFinite(value)));
            Assert.Equal(expected, TrainWith(model, threads: 2, optimizer));
            Assert.Equal(expected, TrainWith(model, threads: 3, optimizer));
        }
    }

    [Fact]
    public void Computing_activations_again_changes_memory_and_no_bit()
    {
        Assert.Equal(
            TrainWith(nameof(PrimeDeep), threads: 1, OptimizerKind.AdamW),
            TrainWith(nameof(PrimeDeepAgain), threads: 1, OptimizerKind.AdamW));
        Assert.True(PrimeDeepAgain.StepBytes(8) < PrimeDeep.StepBytes(8));
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void The_same_seed_gives_the_same_task_file(string model)
    {
        byte[] first = FitAndSave(model, seed: 5), second = FitAndSave(model, seed: 5);
        Assert.Equal(first, second);
        Assert.NotEqual(first, FitAndSave(model, seed: 6));
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Training_changes_every_trained_tensor(string model)
    {
        using Device device = Device.Cpu(threads: 1);
        using Tuner tuner = ModelCase.All[model].Create(device, 1);
        float[] before = tuner.Trained();
        tuner.Train(Batch, Steps);
        float[] after = tuner.Trained();
        Assert.All(tuner.Model.Parameters.Where(p => p.Trained), parameter => Assert.False(
            before.AsSpan((int)parameter.Offset, (int)parameter.Count)
                .SequenceEqual(after.AsSpan((int)parameter.Offset, (int)parameter.Count)),
            $"{parameter.Name} stayed as it was."));
    }

    /// <summary>Everything that training leaves behind: parameters, gradients, logits and losses, then what inference says.</summary>
    private static float[] TrainWith(string model, int threads, OptimizerKind optimizer)
    {
        using Device device = Device.Cpu(threads);
        using Tuner tuner = ModelCase.All[model].Create(device, 1);
        tuner.Train(Batch, Steps, optimizer);
        float[] training = [.. tuner.Trained(), .. tuner.Gradients(), .. tuner.Logits(Batch), .. tuner.Losses(Batch)];
        return [.. training, .. tuner.Infer(ModelCase.DrawImages(tuner, Batch, seed: 9))];
    }

    private byte[] FitAndSave(string model, int seed)
    {
        using Device device = Device.Cpu(threads: 2);
        using Tuner tuner = ModelCase.All[model].Create(device, seed);
        tuner.Fit(
            ModelCase.DrawSet(tuner, count: 10, seed: 1),
            ModelCase.DrawSet(tuner, count: 6, seed: 2),
            ModelCase.Options with { Seed = seed, Optimizer = Optimizer.AdamW });
        string path = Path.Combine(_folder.FullName, $"{Guid.NewGuid()}.safetensors");
        tuner.SaveTask(path);
        return File.ReadAllBytes(path);
    }
}
