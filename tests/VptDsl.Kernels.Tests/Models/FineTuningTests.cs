using System.Collections.Concurrent;
using System.Globalization;
using VptDsl.Compiler;
using VptDsl.Compiler.Common;
using VptDsl.Compiler.Emit.Kernels;
using VptDsl.Compiler.Spec;
using VptDsl.Data;
using VptDsl.Kernels.Tests.Harness;
using VptDsl.Programs;
using VptDsl.Testing;
using VptDsl.Training;

namespace VptDsl.Kernels.Tests.Models;

/// <summary>Soft targets, pieces of batches, shortened gradients, averages and rates by layer, on models as they are emitted.</summary>
[Collection(DeviceCollection.Name)]
public sealed class FineTuningTests(TestDevices devices)
{
    private const int Images = 10;

    private static readonly VitSpec Backbone = new(8, 1, 4, Width: 8, Layers: 3, Heads: 2, Mlp: 16);

    private static readonly ConcurrentDictionary<(ModelSpec Spec, KernelOptions Kernels), Type> Types = [];

    private static readonly FitOptions Options = new()
    {
        Epochs = 3,
        BatchSize = 4,
        BaseLearningRate = 0.05,
        ScaleLearningRate = false,
        WarmupEpochs = 1,
        Seed = 3,
        Progress = ProgressDisplay.Off,
    };

    private static readonly FitOptions Combined = Options with
    {
        LabelSmoothing = 0.1,
        Mixup = new Mixup { Alpha = 0.8, CutmixAlpha = 1 },
        MicroBatchSize = 2,
        MaximumGradientNorm = 0.5,
        Average = new ParameterAverage { Decay = 0.8 },
    };

    public static TheoryData<TestDevice> Gpus =>
    [
        TestDevice.Simulator,
        TestDevice.OpenCl,
        .. TestDevices.HasCuda ? [TestDevice.Cuda] : Array.Empty<TestDevice>(),
    ];

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_batch_in_pieces_takes_the_steps_of_the_whole_batch(bool everything)
    {
        ModelSpec spec = Classifier(classes: 3, everything);
        foreach (FitOptions options in new[] { Options, Combined with { MicroBatchSize = null } })
        {
            float[] whole = Fit(spec, TestDevice.Cpu, options), pieces = Fit(spec, TestDevice.Cpu, options with { MicroBatchSize = 2 });

            Assert.InRange(RelativeError.Of(pieces, whole), 0, 1e-4);
            Assert.NotEqual(Fit(spec, TestDevice.Cpu, Options with { Seed = 9 }), whole);
        }
    }

    [Fact]
    public void Pixels_count_the_same_in_whichever_piece_they_are()
    {
        ModelSpec spec = new(
            new("Emitted.FineTuning", "Pixels", "public"), Backbone, null,
            new SegmentationHeadSpec(3, SetrDecoder.Linear, Width: 8, Ignored: 255), TrainedSet.Everything);

        Assert.InRange(
            RelativeError.Of(
                Fit(spec, TestDevice.Cpu, Options with { MicroBatchSize = 1 }), Fit(spec, TestDevice.Cpu, Options)), 0, 1e-4);
    }

    [SkippableTheory]
    [MemberData(nameof(Gpus))]
    public void All_of_it_runs_on_emitted_kernels_as_on_the_CPU(TestDevice kind)
    {
        ModelSpec spec = Classifier(classes: 3, everything: true);
        FitOptions options = Combined with { LayerDecay = 0.7, Optimizer = Optimizer.AdamW, BaseLearningRate = 0.002 };

        Assert.InRange(RelativeError.Of(Fit(spec, kind, options), Fit(spec, TestDevice.Cpu, options)), 0, 1e-3);
    }

    [Fact]
    public void Layers_move_by_their_share_of_the_rate()
    {
        ModelSpec spec = Classifier(classes: 3, everything: true);
        FitOptions options = Options with
        {
            Epochs = 1,
            BatchSize = Images,
            WarmupEpochs = 0,
            BaseLearningRate = 1,
            Optimizer = Optimizer.Sgd with { WeightDecay = 0.1f },
        };
        using Tuner fresh = Create(spec, TestDevice.Cpu);
        float[] before = Trained(fresh), full = Fit(spec, TestDevice.Cpu, options);
        float[] scaled = Fit(spec, TestDevice.Cpu, options with { LayerDecay = 0.5 });

        foreach (ParameterDescription parameter in fresh.Model.Parameters.Where(p => p.Trained))
        {
            double share = Math.Pow(0.5, StepsBelowHead(parameter));
            for (long i = parameter.Offset; i < parameter.Offset + parameter.Count; i++)
                Assert.Equal(share * (full[i] - before[i]), scaled[i] - before[i], 1e-5);
        }
    }

    [Fact]
    public void Targets_are_smoothed_over_the_classes_that_a_task_has()
    {
        FitReport[] reports = [.. new[] { 3, 11 }.Select(room =>
        {
            using Tuner tuner = Create(Classifier(room, everything: false), TestDevice.Cpu);
            return tuner.Fit(Draw(tuner.Model, Images, classes: 3), null, Combined);
        })];

        Assert.Equal(reports[0].Epochs[^1].TrainLoss, reports[1].Epochs[^1].TrainLoss, 1e-5);
        Assert.InRange(reports[0].Epochs[^1].TrainLoss, 0.1, 3);
    }

    [Fact]
    public void Without_options_a_run_has_the_bits_of_a_program_that_never_softened()
    {
        ModelSpec spec = Classifier(classes: 3, everything: false);
        using Tuner used = Create(spec, TestDevice.Cpu), fresh = Create(spec, TestDevice.Cpu);
        float[] before = Trained(used);
        used.Fit(Draw(used.Model, Images), null, Combined);
        used.Compiled.Write(new(Region.Trained, 0), before);

        used.Fit(Draw(used.Model, Images), null, Options);
        fresh.Fit(Draw(fresh.Model, Images), null, Options);

        Assert.Equal(Trained(fresh), Trained(used));
    }

    private static ModelSpec Classifier(int classes, bool everything) => new(
        new("Emitted.FineTuning", $"Classifier{classes}{everything}", "public"), Backbone,
        everything ? null : new TokenPromptSpec(2, EquatableArray.Of(0, 1, 2), PromptFlow.Carry), new ClassifierHeadSpec(classes),
        everything ? TrainedSet.Everything : TrainedSet.PromptsAndHead);

    private static int StepsBelowHead(ParameterDescription parameter)
    {
        string[] name = parameter.Name.Split('.');
        return parameter.Kind != ParameterKind.Backbone ? 0
            : name[0] == "blocks" ? Backbone.Layers - int.Parse(name[1], CultureInfo.InvariantCulture)
            : name[0] == "norm" ? 1 : Backbone.Layers + 1;
    }

    private float[] Fit(ModelSpec spec, TestDevice device, FitOptions options)
    {
        using Tuner tuner = Create(spec, device);
        tuner.Fit(Draw(tuner.Model, Images), Draw(tuner.Model, count: 6), options);
        return Trained(tuner);
    }

    private Tuner Create(ModelSpec spec, TestDevice device)
    {
        KernelOptions kernels = device == TestDevice.Simulator ? KernelOptions.Tiny : KernelOptions.Default;
        Type type = Types.GetOrAdd((spec, kernels), key =>
            EmittedAssembly.Compile(ModelCompiler.Compile(key.Spec, key.Kernels).Alone.Select(file => file.Text))
                .GetType(key.Spec.Type.FullName, throwOnError: true)!);
        return (Tuner)type.GetMethod("Create", [typeof(Device), typeof(int)])!.Invoke(null, [devices.Open(device), 1])!;
    }

    private static float[] Trained(Tuner tuner)
    {
        float[] values = new float[tuner.Model.TrainedFloats];
        tuner.Compiled.Read(new(Region.Trained, 0), values);
        return values;
    }

    private static DrawnSet Draw(ModelDescription model, int count, int? classes = null) => new(model, count, classes ?? model.Classes);

    private sealed class DrawnSet : IImageSource
    {
        private readonly float[] _images;
        private readonly int[] _labels;
        private readonly ModelDescription _model;

        public DrawnSet(ModelDescription model, int count, int classes)
        {
            var random = new Random(count);
            _model = model;
            Count = count;
            _images = [.. Enumerable.Range(0, count * model.ImageFloats).Select(_ => (random.NextSingle() * 4) - 2)];
            _labels = [.. Enumerable.Range(0, count * model.LabelsPerImage).Select(_ => random.Next(classes))];
            for (int i = 0; model.IgnoredLabel is { } ignored && i < _labels.Length; i += 1 + (i % 7))
                _labels[i] = ignored;
            ClassNames = [.. Enumerable.Range(0, classes).Select(c => $"class {c}")];
        }

        public int Count { get; }

        public ImageShape Shape => new(_model.Channels, _model.ImageSize.Height, _model.ImageSize.Width);

        public int LabelsPerImage => _model.LabelsPerImage;

        public IReadOnlyList<string> ClassNames { get; }

        public int Label(int index) => LabelsPerImage == 1 ? _labels[index] : 0;

        public void CopyImage(int index, Span<float> destination) =>
            _images.AsSpan(index * _model.ImageFloats, _model.ImageFloats).CopyTo(destination);

        public void CopyLabels(int index, Span<int> labels) =>
            _labels.AsSpan(index * LabelsPerImage, LabelsPerImage).CopyTo(labels);
    }
}
