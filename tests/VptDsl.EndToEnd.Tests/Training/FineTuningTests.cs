using VptDsl.Data;
using VptDsl.EndToEnd.Tests.Models;
using VptDsl.Programs;
using VptDsl.Testing;
using VptDsl.Training;

namespace VptDsl.EndToEnd.Tests.Training;

/// <summary>Soft targets, pieces of batches, shortened gradients, averages and rates by layer, on models as they are compiled.</summary>
public sealed class FineTuningTests : IDisposable
{
    private const double Tolerance = 1e-4;

    private static readonly FitOptions Combined = ModelCase.Options with
    {
        LabelSmoothing = 0.1,
        Mixup = new Mixup { Alpha = 0.8, CutmixAlpha = 1 },
        MicroBatchSize = 2,
        MaximumGradientNorm = 0.5,
        Average = new ParameterAverage { Decay = 0.8 },
    };

    private readonly Device _device = Device.Cpu(threads: 2);

    public void Dispose() => _device.Dispose();

    [Theory]
    [InlineData(nameof(LateDeep))]
    [InlineData(nameof(OddShallow))]
    [InlineData(nameof(SideBeside))]
    public void A_batch_in_pieces_takes_the_steps_of_the_whole_batch(string model)
    {
        foreach (FitOptions options in new[] { ModelCase.Options, Combined with { MicroBatchSize = null } })
        {
            float[] whole = Fit(model, _device, options), pieces = Fit(model, _device, options with { MicroBatchSize = 2 });

            Assert.InRange(RelativeError.Of(pieces, whole), 0, Tolerance);
        }
    }

    [Fact]
    public void Pixels_count_the_same_in_whichever_piece_they_are()
    {
        float[] Fit(int? piece)
        {
            using Tuner tuner = LinearSegmenter.Create(_device, 1);
            int[] drawn = ModelCase.DrawLabels(tuner, 5 * tuner.Model.LabelsPerImage, seed: 2);
            int[] labels = [.. drawn.Select((label, i) => i % 7 < i % 3 ? 255 : label)];
            var set = new MapSet(ModelCase.DrawImages(tuner, 5, seed: 1), labels, tuner.Model);
            tuner.Fit(set, null, ModelCase.Options with { MicroBatchSize = piece });
            return tuner.Trained();
        }

        Assert.InRange(RelativeError.Of(Fit(1), Fit(null)), 0, Tolerance);
    }

    [Fact]
    public void All_of_it_runs_on_emitted_kernels_as_on_the_CPU()
    {
        using Device simulator = Device.Simulator();
        Assert.InRange(
            RelativeError.Of(Fit(nameof(LateDeep), simulator, Combined), Fit(nameof(LateDeep), _device, Combined)), 0, 1e-3);
    }

    [SkippableFact]
    public void All_of_it_runs_on_OpenCL_as_on_the_CPU()
    {
        using Device? found = OpenClOnCpu.TryOpen();
        float[] actual = Fit(nameof(LateDeep), OpenClOnCpu.Require(found), Combined);
        Assert.InRange(RelativeError.Of(actual, Fit(nameof(LateDeep), _device, Combined)), 0, 1e-3);
    }

    [Fact]
    public void The_number_of_threads_changes_no_bit()
    {
        using Device one = Device.Cpu(threads: 1);
        Assert.Equal(Fit(nameof(OddShallow), one, Combined), Fit(nameof(OddShallow), _device, Combined));
    }

    [Fact]
    public void Layers_move_by_their_share_of_the_rate()
    {
        using Tuner equal = Everything.Create(_device, 1), layered = Everything.Create(_device, 1);
        float[] before = equal.Trained();
        FitOptions options = ModelCase.Options with
        {
            Epochs = 1, BatchSize = 6, WarmupEpochs = 0, BaseLearningRate = 1, Optimizer = Optimizer.Sgd with { WeightDecay = 0.1f },
        };
        equal.Fit(ModelCase.DrawSet(equal, 6, seed: 1), null, options);
        layered.Fit(ModelCase.DrawSet(layered, 6, seed: 1), null, options with { LayerDecay = 0.5 });
        float[] full = equal.Trained(), scaled = layered.Trained();
        string[][] names = [.. equal.Model.Parameters.Select(p => p.Name.Split('.'))];
        int layers = names.Where(name => name[0] == "blocks").Select(name => name[1]).Distinct().Count();

        foreach (ParameterDescription parameter in equal.Model.Parameters.Where(p => p.Trained))
        {
            string[] name = parameter.Name.Split('.');
            int steps = parameter.Kind != ParameterKind.Backbone ? 0
                : name[0] == "blocks" ? layers - int.Parse(name[1], System.Globalization.CultureInfo.InvariantCulture)
                : name[0] == "norm" ? 1 : layers + 1;
            for (long i = parameter.Offset; i < parameter.Offset + parameter.Count; i++)
                Assert.Equal(Math.Pow(0.5, steps) * (full[i] - before[i]), scaled[i] - before[i], 1e-5);
        }
    }

    [Fact]
    public void Targets_are_smoothed_over_the_classes_that_a_task_has()
    {
        using Tuner exact = PrimeDeep.Create(_device, 4), roomy = RoomyDeep.Create(_device, 4);
        FitOptions options = Combined with { KeepBest = false };

        FitReport expected = exact.Fit(ModelCase.DrawSet(exact, 11, seed: 1), null, options);
        FitReport actual = roomy.Fit(ModelCase.DrawSet(exact, 11, seed: 1), null, options);

        Assert.Equal(expected.Epochs[^1].TrainLoss, actual.Epochs[^1].TrainLoss, 1e-4);
    }

    private static float[] Fit(string model, Device device, FitOptions options)
    {
        using Tuner tuner = ModelCase.All[model].Create(device, 1);
        tuner.Fit(ModelCase.DrawSet(tuner, count: 10, seed: 1), ModelCase.DrawSet(tuner, count: 6, seed: 2), options);
        return tuner.Trained();
    }

    private sealed class MapSet(float[] images, int[] labels, ModelDescription model) : IImageSource
    {
        public int Count => images.Length / model.ImageFloats;

        public ImageShape Shape => new(model.Channels, model.ImageSize.Height, model.ImageSize.Width);

        public int LabelsPerImage => model.LabelsPerImage;

        public IReadOnlyList<string> ClassNames { get; } = [.. Enumerable.Range(0, model.Classes).Select(c => $"class {c}")];

        public int Label(int index) => 0;

        public void CopyImage(int index, Span<float> destination) =>
            images.AsSpan(index * model.ImageFloats, model.ImageFloats).CopyTo(destination);

        public void CopyLabels(int index, Span<int> destination) =>
            labels.AsSpan(index * model.LabelsPerImage, model.LabelsPerImage).CopyTo(destination);
    }
}
