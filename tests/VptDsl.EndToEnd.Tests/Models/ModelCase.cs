using VptDsl.Data;
using VptDsl.Training;

namespace VptDsl.EndToEnd.Tests.Models;

/// <summary>The generated members of a model that are static, at hand by the model's name.</summary>
internal sealed record ModelCase(
    Func<Device, int, Tuner> Create, Func<Device, string, int, Tuner> Load, Func<int, long> StepBytes, Func<int, long> InferenceBytes)
{
    public static IReadOnlyDictionary<string, ModelCase> All { get; } = new Dictionary<string, ModelCase>
    {
        [nameof(OddProbe)] = new(OddProbe.Create, OddProbe.Load, OddProbe.StepBytes, OddProbe.InferenceBytes),
        [nameof(OddShallow)] = new(OddShallow.Create, OddShallow.Load, OddShallow.StepBytes, OddShallow.InferenceBytes),
        [nameof(PrimeDeep)] = new(PrimeDeep.Create, PrimeDeep.Load, PrimeDeep.StepBytes, PrimeDeep.InferenceBytes),
        [nameof(WideImages)] = new(WideImages.Create, WideImages.Load, WideImages.StepBytes, WideImages.InferenceBytes),
        [nameof(PrimeDeepAgain)] = new(PrimeDeepAgain.Create, PrimeDeepAgain.Load, PrimeDeepAgain.StepBytes, PrimeDeepAgain.InferenceBytes),
        [nameof(LateDeep)] = new(LateDeep.Create, LateDeep.Load, LateDeep.StepBytes, LateDeep.InferenceBytes),
        [nameof(EarlyDropped)] = new(EarlyDropped.Create, EarlyDropped.Load, EarlyDropped.StepBytes, EarlyDropped.InferenceBytes),
        [nameof(ScatteredCarried)] = new(
            ScatteredCarried.Create, ScatteredCarried.Load, ScatteredCarried.StepBytes, ScatteredCarried.InferenceBytes),
        [nameof(OnePatch)] = new(OnePatch.Create, OnePatch.Load, OnePatch.StepBytes, OnePatch.InferenceBytes),
        [nameof(EverythingPrompted)] =
            new(EverythingPrompted.Create, EverythingPrompted.Load, EverythingPrompted.StepBytes, EverythingPrompted.InferenceBytes),
        [nameof(Everything)] = new(Everything.Create, Everything.Load, Everything.StepBytes, Everything.InferenceBytes),
        [nameof(OpenKeyValue)] = new(OpenKeyValue.Create, OpenKeyValue.Load, OpenKeyValue.StepBytes, OpenKeyValue.InferenceBytes),
        [nameof(OpenGated)] = new(OpenGated.Create, OpenGated.Load, OpenGated.StepBytes, OpenGated.InferenceBytes),
        [nameof(OpenCross)] = new(OpenCross.Create, OpenCross.Load, OpenCross.StepBytes, OpenCross.InferenceBytes),
        [nameof(SideBeside)] = new(SideBeside.Create, SideBeside.Load, SideBeside.StepBytes, SideBeside.InferenceBytes),
        [nameof(WideDeep)] = new(WideDeep.Create, WideDeep.Load, WideDeep.StepBytes, WideDeep.InferenceBytes),
    };

    /// <summary>Every model.</summary>
    public static TheoryData<string> Names => [.. All.Keys];

    /// <summary>The models that have layers below everything trained.</summary>
    public static TheoryData<string> NamesWithFeatures => [nameof(OddProbe), nameof(LateDeep), nameof(ScatteredCarried)];

    /// <summary>Options that say everything and show nothing.</summary>
    public static FitOptions Options { get; } = new()
    {
        Epochs = 3,
        BatchSize = 4,
        BaseLearningRate = 0.05,
        ScaleLearningRate = false,
        WarmupEpochs = 1,
        Seed = 3,
        Progress = ProgressDisplay.Off,
    };

    /// <summary>Random images with random labels, the same for the same seed.</summary>
    public static ImageSet DrawSet(Tuner tuner, int count, int seed) => ImageSet.FromFloats(
        ShapeOf(tuner),
        DrawImages(tuner, count, seed),
        DrawLabels(tuner, count, seed),
        [.. Enumerable.Range(0, tuner.Model.Classes).Select(c => $"class {c}")]);

    /// <summary>Random images.</summary>
    public static float[] DrawImages(Tuner tuner, int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count * tuner.Model.ImageFloats).Select(_ => (random.NextSingle() * 4) - 2)];
    }

    /// <summary>Random labels.</summary>
    public static int[] DrawLabels(Tuner tuner, int count, int seed)
    {
        var random = new Random(seed + 1);
        return [.. Enumerable.Range(0, count).Select(_ => random.Next(tuner.Model.Classes))];
    }

    private static ImageShape ShapeOf(Tuner tuner) => new(tuner.Model.Channels, tuner.Model.ImageSize.Height, tuner.Model.ImageSize.Width);
}
