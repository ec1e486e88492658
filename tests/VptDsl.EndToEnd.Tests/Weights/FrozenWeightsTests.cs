using VptDsl.Data;
using VptDsl.EndToEnd.Tests.Models;
using VptDsl.Testing;
using VptDsl.Training;
using VptDsl.Weights;

namespace VptDsl.EndToEnd.Tests.Weights;

/// <summary>Protects that how memory holds frozen weights is no part of what a task belongs to, and what then cannot be saved.</summary>
public sealed class FrozenWeightsTests : IDisposable
{
    private const int Batch = 5;

    private readonly Device _device = Device.Cpu(threads: 1);
    private readonly string _folder = Directory.CreateTempSubdirectory("vptdsl-frozen-").FullName;
    private readonly string _backbone;

    public FrozenWeightsTests()
    {
        _backbone = Path.Combine(_folder, "backbone.safetensors");
        using var drawn = WholeWeights.Create(_device, seed: 3);
        drawn.SaveBackbone(_backbone);
    }

    public void Dispose()
    {
        _device.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    /// <remarks>A number of bfloat16 is off by a 256th at most; three layers leave a logit within a few of these.</remarks>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_task_of_one_storage_is_one_of_the_other(bool trainedInHalf)
    {
        using Tuner whole = WholeWeights.Load(_device, _backbone, seed: 1), half = HalfWeights.Load(_device, _backbone, seed: 2);
        (Tuner one, Tuner other) = trainedInHalf ? (half, whole) : (whole, half);
        one.Train(Batch, steps: 3);
        string task = Path.Combine(_folder, "flowers.task");
        one.SaveTask(task);
        other.LoadTask(task);

        Assert.Equal(one.Trained(), other.Trained());
        float[] images = ModelCase.DrawImages(one, Batch, seed: 9);
        double error = RelativeError.Of(other.Infer(images), one.Infer(images));
        Assert.InRange(error, 1e-6, 0.03);
    }

    [Fact]
    public void A_task_of_another_backbone_is_refused_all_the_same()
    {
        string task = Path.Combine(_folder, "other.task");
        using (var other = WholeWeights.Create(_device, seed: 4))
            other.SaveTask(task);
        using var half = HalfWeights.Load(_device, _backbone, seed: 2);

        Assert.Throws<WeightFileException>(() => half.LoadTask(task));
    }

    [Fact]
    public void Loaded_weights_take_half_the_memory_and_the_backbone_cannot_be_saved()
    {
        using Tuner whole = WholeWeights.Load(_device, _backbone, seed: 1), half = HalfWeights.Load(_device, _backbone, seed: 2);
        string path = Path.Combine(_folder, "rounded.safetensors");

        Assert.InRange(half.Model.FrozenFloats, whole.Model.FrozenFloats / 2, whole.Model.FrozenFloats * 6 / 10);
        Assert.Equal(whole.Model.Declaration, half.Model.Declaration);
        Assert.EndsWith(", frozen weights in BFloat16", half.ToString(), StringComparison.Ordinal);
        string refused = Assert.Throws<InvalidOperationException>(() => half.SaveBackbone(path)).Message;
        Assert.Contains("without [FrozenWeights]", refused, StringComparison.Ordinal);
        Assert.False(File.Exists(path));
    }

    [Fact]
    public void A_run_goes_on_only_with_its_own_storage()
    {
        string checkpoint = Path.Combine(_folder, "run.checkpoint");
        using Tuner whole = WholeWeights.Load(_device, _backbone, seed: 1);
        using Tuner half = HalfWeights.Load(_device, _backbone, seed: 1);
        ImageSet images = RenderedSets.DrawTextures(new(3, 12, 12), count: 12, classes: 4, seed: 5, period: 6);
        using var stop = new CancellationTokenSource();
        var options = new FitOptions
        {
            Epochs = 2,
            BatchSize = 4,
            Checkpoint = new Checkpoint(checkpoint),
            EpochCompleted = _ => stop.Cancel(),
        };
        Assert.ThrowsAny<OperationCanceledException>(() => whole.Fit(images, images, options, stop.Token));

        string refused = Assert.Throws<WeightFileException>(() => half.Fit(images, images, options)).Message;
        Assert.Contains("frozen weights: \"none\" there, \"BFloat16\" here", refused, StringComparison.Ordinal);
    }
}
