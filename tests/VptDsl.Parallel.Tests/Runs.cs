using VptDsl.Data;
using VptDsl.Programs;
using VptDsl.Training;
using VptDsl.Training.Parallel;

namespace VptDsl.Parallel.Tests;

/// <summary>Short runs of each model, with all that a run may have.</summary>
internal static class Runs
{
    public const string Secret = "sixteen characters";

    public static readonly string[] Models = ["deep", "late", "measuring", "pixels"];

    public static FitOptions Options => new()
    {
        Epochs = 3,
        BatchSize = 7,
        BaseLearningRate = 0.5,
        ScaleLearningRate = false,
        Seed = 3,
        Progress = ProgressDisplay.Off,
    };

    /// <summary>Options with everything that a step depends on, by the names of the models.</summary>
    public static FitOptions OptionsOf(string model) => model switch
    {
        "deep" => Options with
        {
            BatchSize = 8,
            Mixup = new Mixup { Alpha = 0.8, CutmixAlpha = 1 },
            LabelSmoothing = 0.1,
            MaximumGradientNorm = 0.5,
            Augmentation = [new RandomHorizontalFlip()],
            ClassWeights = ClassWeights.Of(1, 2, 3),
        },
        "late" => Options with { Optimizer = Optimizer.AdamW, BaseLearningRate = 0.01, Average = new ParameterAverage { Decay = 0.9 } },
        _ => Options,
    };

    public static Tuner Create(string model, Device device, int seed = 1) => model switch
    {
        "deep" => DeepModel.Create(device, seed),
        "late" => LateModel.Create(device, seed),
        "measuring" => MeasuringModel.Create(device, seed),
        _ => PixelModel.Create(device, seed),
    };

    public static IImageSource Train(string model) => model == "pixels" ? Sets.Maps(17, seed: 1) : Sets.Images(17, seed: 1);

    public static IImageSource Validation(string model) => model == "pixels" ? Sets.Maps(11, seed: 2) : Sets.Images(11, seed: 2);

    /// <summary>A run's whole outcome: each epoch's report but for the time, and every number that changed.</summary>
    public static string Fit(string model, Tuner tuner, FitOptions options, CancellationToken cancellation = default) =>
        Outcome(tuner, tuner.Fit(Train(model), Validation(model), options, cancellation));

    public static string Outcome(Tuner tuner, FitReport report) => string.Join(
        '\n',
        report.Epochs.Select(epoch => (epoch with { Seconds = 0, ImagesPerSecond = 0 }).ToString() + epoch.TrainLoss.ToString("R"))
            .Append($"{report.BestEpoch} {report.StoppedEarly}").Append(Values(tuner)));

    /// <summary>Every trained and measured number, to the bit.</summary>
    public static string Values(Tuner tuner) => string.Join(
        ' ',
        new[] { Region.Trained, Region.Statistics }.SelectMany(region => Read(tuner, region)).Select(BitConverter.SingleToInt32Bits));

    private static float[] Read(Tuner tuner, Region region)
    {
        float[] values = new float[region == Region.Trained ? tuner.Model.TrainedFloats : tuner.Model.MeasuredFloats];
        if (values.Length > 0)
            tuner.Compiled.Read(new Slot(region, 0), values);
        return values;
    }

    /// <summary>What one worker makes of a run that takes the same shards in turn.</summary>
    public static string Alone(string model, FitOptions options, int shard)
    {
        using Device device = Device.Cpu(1);
        using Tuner tuner = Create(model, device);
        return Fit(model, tuner, options with
        {
            MicroBatchSize = shard,
            // Statistics follow each shard from where the step began: a group of one does the same.
            Workers = model is "measuring" or "pixels" ? new LocalWorkers() : null,
        });
    }
}
