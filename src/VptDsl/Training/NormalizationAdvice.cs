using VptDsl.Data;
using VptDsl.Weights;

namespace VptDsl.Training;

/// <summary>Compares how images are normalised with what the checkpoint was trained on.</summary>
internal static class NormalizationAdvice
{
    /// <summary>A warning in two sentences; null where nothing is known to be wrong.</summary>
    /// <param name="weights">What the backbone was loaded from; null if it was drawn.</param>
    /// <param name="pipeline">What images go through; null if that is not known.</param>
    public static string? Warning(WeightReport? weights, ImagePipeline? pipeline) =>
        weights?.Kind.Normalization() is { } usual && pipeline is not null
            && pipeline.Normalization.Channels == usual.Channels && pipeline.Normalization.ToString() != usual.ToString()
            ? $"The images are normalised with {pipeline.Normalization}, but the checkpoint is {weights.Kind.Title()}, which was trained "
                + $"on {usual} (mean / deviation). Use pipeline.WithNormalization(Normalization.{NameOf(usual)}), unless the other is "
                + "meant: the paper's code takes ImageNet's numbers for every checkpoint."
            : null;

    private static string NameOf(Normalization normalization) =>
        normalization == Normalization.Symmetric ? nameof(Normalization.Symmetric) : nameof(Normalization.ImageNet);
}
