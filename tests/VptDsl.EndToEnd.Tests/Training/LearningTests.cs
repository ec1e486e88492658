using VptDsl.Data;
using VptDsl.EndToEnd.Tests.Models;
using VptDsl.Programs;
using VptDsl.Testing;
using VptDsl.Training;

namespace VptDsl.EndToEnd.Tests.Training;

/// <summary>
/// Protects what declarations are for, on the architectures beside the vision transformer and on SETR's decoders: a fit learns what holds
/// for images that it has not seen, and a task file brings back every bit of it.
/// </summary>
public sealed class LearningTests : IDisposable
{
    private const int Classes = 5, Train = 400, Unseen = 100, Seed = 1;

    /// <summary>Of five classes chance finds a fifth; the models find nine tenths and more.</summary>
    private const double LeastAccuracy = 0.7;

    /// <summary>
    /// Of three classes chance has a mean IoU of a fifth; the decoders have two thirds and more, the patches being coarse.
    /// </summary>
    private const double LeastMeanIoU = 0.5;

    private static readonly Dictionary<string, (Func<Device, int, Tuner> Create, Func<Device, string, int, Tuner> Load)> Models = new()
    {
        [nameof(SwinEnd2end)] = (SwinEnd2end.Create, SwinEnd2end.Load),
        [nameof(SwinPrompted)] = (SwinPrompted.Create, SwinPrompted.Load),
        [nameof(ConvNeXtEnd2end)] = (ConvNeXtEnd2end.Create, ConvNeXtEnd2end.Load),
        [nameof(ConvNeXtPad)] = (ConvNeXtPad.Create, ConvNeXtPad.Load),
        [nameof(ResNetEnd2end)] = (ResNetEnd2end.Create, ResNetEnd2end.Load),
        [nameof(ResNetPad)] = (ResNetPad.Create, ResNetPad.Load),
        [nameof(LinearSegmenter)] = (LinearSegmenter.Create, LinearSegmenter.Load),
        [nameof(NaiveSegmenter)] = (NaiveSegmenter.Create, NaiveSegmenter.Load),
        [nameof(PupSegmenter)] = (PupSegmenter.Create, PupSegmenter.Load),
        [nameof(OddPupSegmenter)] = (OddPupSegmenter.Create, OddPupSegmenter.Load),
        [nameof(MlaSegmenter)] = (MlaSegmenter.Create, MlaSegmenter.Load),
    };

    private readonly Device _device = Device.Cpu(threads: 2);
    private readonly string _folder = Directory.CreateTempSubdirectory("vptdsl-learning-").FullName;

    public void Dispose()
    {
        _device.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [SkippableTheory]
    [InlineData(nameof(SwinEnd2end), nameof(SwinPrompted))]
    [InlineData(nameof(ConvNeXtEnd2end), nameof(ConvNeXtPad))]
    [InlineData(nameof(ResNetEnd2end), nameof(ResNetPad))]
    public void A_backbone_learns_textures_and_prompts_adapt_it_to_coarser_ones(string whole, string prompted)
    {
        TestTier.RequireAll("Two fits of some seconds each");
        const double finePeriod = 8, coarsePeriod = 11;
        using Tuner pretrained = Models[whole].Create(_device, Seed);
        AssertLearns(whole, pretrained, Textures(Train, seed: 1, finePeriod), Textures(Unseen, seed: 2, finePeriod), learningRate: 0.003);
        string backbone = Path.Combine(_folder, "pretrained.safetensors");
        pretrained.SaveBackbone(backbone);

        using Tuner tuner = Models[prompted].Load(_device, backbone, Seed);
        AssertLearns(prompted, tuner, Textures(Train, seed: 3, coarsePeriod), Textures(Unseen, seed: 4, coarsePeriod), learningRate: 0.03);
    }

    [SkippableTheory]
    [InlineData(nameof(LinearSegmenter))]
    [InlineData(nameof(NaiveSegmenter))]
    [InlineData(nameof(PupSegmenter))]
    [InlineData(nameof(OddPupSegmenter))]
    [InlineData(nameof(MlaSegmenter))]
    public void A_decoder_and_prompts_learn_to_tell_the_parts_of_images_apart(string model)
    {
        if (model != nameof(MlaSegmenter))
            TestTier.RequireAll("A fit of some seconds");
        using Tuner tuner = Models[model].Create(_device, Seed);
        int side = tuner.Model.ImageSize.Height;
        AssertLearns(
            model, tuner, RenderedSets.DrawParts(side, Train, seed: 1), RenderedSets.DrawParts(side, Unseen, seed: 2), learningRate: 0.02);
    }

    private void AssertLearns(string model, Tuner tuner, IImageSource train, IImageSource unseen, double learningRate)
    {
        ParameterDescription[] added = [.. tuner.Model.Parameters.Where(p => p.Trained && p.Kind != ParameterKind.Backbone)];
        Dictionary<string, float[]> before = added.ToDictionary(p => p.Name, tuner.Compiled.Read);
        string backbone = Path.Combine(_folder, "before.safetensors");
        tuner.SaveBackbone(backbone);

        FitReport report = tuner.Fit(train, unseen, new()
        {
            Epochs = 20,
            BatchSize = 16,
            Optimizer = Optimizer.AdamW,
            BaseLearningRate = learningRate,
            ScaleLearningRate = false,
            Seed = 3,
            KeepBest = false,
            Progress = ProgressDisplay.Off,
        });

        EpochReport last = report.Epochs[^1];
        string course =
            $"{model}: "
                + $"{string.Join(", ", report.Epochs.Select(e => $"{e.TrainLoss:F2} {e.ValidationMeanIoU ?? e.ValidationAccuracy:F2}"))}";
        Assert.True(last.TrainLoss < 0.5 * report.Epochs[0].TrainLoss, course);
        Assert.True(last.ValidationMeanIoU is { } meanIoU ? meanIoU >= LeastMeanIoU : last.ValidationAccuracy >= LeastAccuracy, course);
        Assert.All(added, parameter => Assert.NotEqual(before[parameter.Name], tuner.Compiled.Read(parameter)));
        AssertComesBack(model, tuner, backbone, unseen);
    }

    /// <summary>The task file, on the backbone as it was before the fit, must give the very logits.</summary>
    private void AssertComesBack(string model, Tuner tuner, string backbone, IImageSource set)
    {
        string task = Path.Combine(_folder, "task.safetensors");
        tuner.SaveTask(task);
        const int count = 4;
        float[] images = new float[count * set.Shape.Floats];
        for (int i = 0; i < count; i++)
            set.CopyImage(i, images.AsSpan(i * set.Shape.Floats, set.Shape.Floats));
        float[] expected = tuner.Infer(images);

        using Tuner fresh = Models[model].Load(_device, backbone, Seed + 1);
        Assert.NotEqual(expected, fresh.Infer(images));
        fresh.LoadTask(task);

        Assert.Equal(expected, fresh.Infer(images));
        Assert.Equal(set.ClassNames, fresh.ClassNames);
    }

    private static ImageSet Textures(int count, int seed, double period) =>
        RenderedSets.DrawTextures(new(Channels: 3, Height: 32, Width: 32), count, Classes, seed, period);
}
