using VptDsl.Data;
using VptDsl.Weights;

namespace VptDsl.Training;

/// <summary>Compares how images are normalised with what is said of the checkpoint.</summary>
internal static class NormalizationAdvice
{
    /// <summary>A warning in two sentences; null where nothing is known to be wrong.</summary>
    /// <param name="weights">What the backbone was loaded from; null if it was drawn.</param>
    /// <param name="pipeline">What images go through; null if that is not known.</param>
    public static string? Warning(WeightReport? weights, ImagePipeline? pipeline) =>
        weights?.Facts.Normalization is { } said && pipeline is not null
            && pipeline.Normalization.Channels == said.Value.Channels && pipeline.Normalization.ToString() != said.Value.ToString()
            ? $"The images are normalised with {pipeline.Normalization}, but the checkpoint was trained on {said}. Use "
                + $"pipeline.WithNormalization({Code(said.Value)}), unless the other is meant: "
                + "the paper's code takes ImageNet's numbers for every checkpoint."
            : null;

    private static string Code(Normalization normalization) => normalization.ToString() switch
    {
        var text when text == Normalization.Symmetric.ToString() => $"{nameof(Normalization)}.{nameof(Normalization.Symmetric)}",
        var text when text == Normalization.ImageNet.ToString() => $"{nameof(Normalization)}.{nameof(Normalization.ImageNet)}",
        var text => $"{nameof(Normalization)}.{nameof(Normalization.Parse)}(\"{text}\")",
    };
}
