using VptDsl;

namespace QuickStart;

/// <summary>One row of the comparison: a declared model and how it is tuned.</summary>
/// <param name="Name">The scheme's name in the table.</param>
/// <param name="Load">Puts the model on a device, with a backbone file and a seed.</param>
/// <param name="TrainedParameters">A constant of the generated class.</param>
/// <param name="BaseLearningRate">AdamW's rate for a batch of 256, chosen as the study chooses it.</param>
/// <param name="WeightDecay">The pull towards zero, chosen with the rate: what is new can bear more of it than what is pre-trained.</param>
internal sealed record Scheme(
    string Name, Func<Device, string, int, Tuner> Load, long TrainedParameters, double BaseLearningRate, float WeightDecay)
{
    /// <summary>What QuickStart compares, from the least to the most that can be trained.</summary>
    public static IReadOnlyList<Scheme> All { get; } =
    [
        new("linear", LinearDigits.Load, LinearDigits.TrainableParameters, BaseLearningRate: 4, WeightDecay: 2),
        new("shallow", ShallowDigits.Load, ShallowDigits.TrainableParameters, BaseLearningRate: 1, WeightDecay: 2),
        new("deep", DeepDigits.Load, DeepDigits.TrainableParameters, BaseLearningRate: 0.5, WeightDecay: 2),
        new("custom", LowerDigits.Load, LowerDigits.TrainableParameters, BaseLearningRate: 0.5, WeightDecay: 2),
        new("full", FullDigits.Load, FullDigits.TrainableParameters, BaseLearningRate: 0.02, WeightDecay: 0.1f),
    ];
}
