using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using VptDsl.Common;
using VptDsl.Data;
using VptDsl.Programs;
using VptDsl.Weights;

namespace VptDsl.Training.Checkpoints;

/// <summary>Everything that decides how a run ends, by name: two runs with the same are the same run.</summary>
/// <remarks>Left out is what changes no result: kept features, progress, how often the run is saved.</remarks>
internal static class RunFingerprint
{
    // Where these differ, files and options may all be the same.
    private const string FrozenOfTask = "frozen prompts and statistics";
    private const string SameFrozenOfTask = " (load the same task, or load the model with the same seed)";

    /// <summary>The fingerprint of a run that is about to begin.</summary>
    public static ImmutableSortedDictionary<string, string> Of(
        ModelProgram program, IImageSource train, IImageSource? validation, FitOptions options) =>
        new (string Name, string Value)[]
        {
            ("declaration", program.Model.Declaration),
            ("backbone", BackboneHash.Of(program)),
            ("start", Hash(program, p => p.IsLearned)),
            (FrozenOfTask, HashOfFrozen(program)),
            ("classes", string.Join(", ", train.ClassNames)),
            ("training set", Describe(train)),
            ("validation set", validation is null ? "none" : Describe(validation)),
            ("precision", program.Precision == Precision.Float32 ? CheckpointFile.Unset : program.Precision.ToString()),
            ("saved activations", program.Model.SavedActivations == Precision.Float32
                ? CheckpointFile.Unset
                : program.Model.SavedActivations.ToString()),
            ("frozen weights", program.Model.FrozenWeights == WeightStorage.Float32
                ? CheckpointFile.Unset
                : program.Model.FrozenWeights.ToString()),
            ("epochs", Text(options.Epochs)),
            ("batch size", Text(options.BatchSize)),
            ("peak learning rate", Text(options.PeakLearningRate)),
            ("warm-up epochs", Text(options.Warmup)),
            ("schedule", options.ScheduleStep.ToString()),
            ("optimizer", Describe(options.Optimizer)),
            ("class weights", options.ClassWeights?.ToString() ?? "none"),
            ("label smoothing", options.LabelSmoothing == 0 ? CheckpointFile.Unset : Text(options.LabelSmoothing)),
            ("mixup", options.Mixup?.ToString() ?? CheckpointFile.Unset),
            ("micro-batch size", options.LargestBatch == options.BatchSize ? CheckpointFile.Unset : Text(options.LargestBatch)),
            (
                "running statistics", options.Workers is not null && program.Model.MeasuredFloats > 0
                    ? "mean of shards"
                    : CheckpointFile.Unset),
            ("maximum gradient norm", Text(options.MaximumGradientNorm)),
            ("average", options.Average?.ToString() ?? CheckpointFile.Unset),
            ("layer decay", Text(options.LayerDecay)),
            ("seed", Text(options.Seed)),
            ("patience", options.Patience is { } patience ? Text(patience) : "none"),
            ("keep best", Text(options.KeepBest)),
            ("augmentation", options.Augmentation.Count == 0 ? "none" : string.Join(" | ", options.Augmentation)),
        }.ToImmutableSortedDictionary(pair => pair.Name, pair => pair.Value, StringComparer.Ordinal);

    /// <summary>In what another run differs from one, each difference with both values.</summary>
    /// <param name="one">A run.</param>
    /// <param name="other">The other, which may lack what was no option when it was taken down.</param>
    /// <param name="hereIs">How the one's value is told from the other's.</param>
    /// <param name="thereIs">How the other's is.</param>
    public static IReadOnlyList<string> Differences(
        ImmutableSortedDictionary<string, string> one, IReadOnlyDictionary<string, string> other, string hereIs, string thereIs) =>
    [
        .. from name in one.Keys
           let theirs = other.GetValueOrDefault(name, CheckpointFile.Unset)
           where theirs != one[name]
           select $"{name}: {Quoted.Text(theirs)} {thereIs}, {Quoted.Text(one[name])} {hereIs}"
               + (name == FrozenOfTask ? SameFrozenOfTask : ""),
    ];

    /// <summary>
    /// What is drawn or comes with a task and is never trained, and so is neither in the backbone's file nor sent to anybody.
    /// </summary>
    public static string HashOfFrozen(ModelProgram program) => program.Model.Parameters.Any(p => p.IsFrozenOfTask)
        ? Hash(program, p => p.IsFrozenOfTask)
        : CheckpointFile.Unset;

    private static string Hash(ModelProgram program, Func<ParameterDescription, bool> isHashed)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (ParameterDescription parameter in program.Model.Parameters.Where(isHashed))
            hash.AppendData(MemoryMarshal.AsBytes<float>(program.Read(parameter)));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>A set, as far as it can be told without reading its images.</summary>
    public static string Describe(IImageSource source)
    {
        string hash = HashOfLabels(source);
        string pipeline = SourcePipeline.Of(source) is { } found ? $", {found}" : "";
        return $"{Text(source.Count)} images of {source.Shape}, labels {hash[..16]}{pipeline}";
    }

    /// <summary>In pieces: all labels of many images that can have several classes would be more than an array holds.</summary>
    private static string HashOfLabels(IImageSource source)
    {
        const int Piece = 1 << 16;
        int each = source.IsMultiLabel ? source.LabelsPerImage : 1;
        int images = Math.Max(1, Piece / Math.Max(1, each));
        int[] labels = new int[images * each];
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (int start = 0; start < source.Count; start += images)
        {
            int count = Math.Min(images, source.Count - start);
            for (int i = 0; i < count; i++)
            {
                if (source.IsMultiLabel)
                    source.CopyLabels(start + i, labels.AsSpan(i * each, each));
                else
                    labels[i] = source.Label(start + i);
            }

            hash.AppendData(MemoryMarshal.AsBytes(labels.AsSpan(0, count * each)));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static string Describe(Optimizer optimizer) => string.Create(
        CultureInfo.InvariantCulture,
        $"{optimizer.Kind}, momentum {optimizer.Momentum:R}, second beta {optimizer.SecondBeta:R}, epsilon {optimizer.Epsilon:R}, "
        + $"decay {optimizer.WeightDecay:R} of {optimizer.Decayed}");

    private static string Text(double? value) => value?.ToString("R", CultureInfo.InvariantCulture) ?? CheckpointFile.Unset;

    private static string Text(IConvertible value) => value.ToString(CultureInfo.InvariantCulture);
}
