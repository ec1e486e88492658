using VptDsl;

namespace QuickStart;

/// <summary>One row of the comparison: a declared model and how it is tuned.</summary>
/// <param name="Name">The scheme's name in the table.</param>
/// <param name="Load">Puts the model on a device, with a backbone file and a seed.</param>
/// <param name="TrainedParameters">A constant of the generated class.</param>
/// <param name="BaseLearningRate">The rate for a batch of 256, chosen on the validation images.</param>
internal sealed record Scheme(string Name, Func<Device, string, int, Tuner> Load, long TrainedParameters, double BaseLearningRate)
{
    /// <summary>The four schemes that QuickStart compares.</summary>
    public static IReadOnlyList<Scheme> All { get; } =
    [
        new("linear", LinearDigits.Load, LinearDigits.TrainableParameters, BaseLearningRate: 3),
        new("shallow", ShallowDigits.Load, ShallowDigits.TrainableParameters, BaseLearningRate: 3),
        new("deep", DeepDigits.Load, DeepDigits.TrainableParameters, BaseLearningRate: 3),
        new("custom", LowerDigits.Load, LowerDigits.TrainableParameters, BaseLearningRate: 3),
    ];
}
