using VptDsl;

namespace Segmentation;

/// <summary>One row of the comparison: a declared model and how it is tuned.</summary>
/// <param name="Decoder">What reads the patch tokens.</param>
/// <param name="Prompts">Which prompts there are.</param>
/// <param name="Load">Puts the model on a device, with a backbone file and a seed.</param>
/// <param name="TrainedParameters">A constant of the generated class.</param>
internal sealed record Scheme(string Decoder, string Prompts, Func<Device, string, int, SegmentationTuner> Load, long TrainedParameters)
{
    /// <summary>From the plain probe to prompts with a decoder.</summary>
    public static IReadOnlyList<Scheme> All { get; } =
    [
        new("linear", "none", LinearScenes.Load, LinearScenes.TrainableParameters),
        new("linear", "deep", PromptedLinearScenes.Load, PromptedLinearScenes.TrainableParameters),
        new("naive", "deep", PromptedNaiveScenes.Load, PromptedNaiveScenes.TrainableParameters),
        new("PUP", "deep", PromptedPupScenes.Load, PromptedPupScenes.TrainableParameters),
        new("MLA", "none", MlaScenes.Load, MlaScenes.TrainableParameters),
        new("MLA", "deep", PromptedMlaScenes.Load, PromptedMlaScenes.TrainableParameters),
    ];
}
