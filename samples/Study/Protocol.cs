using VptDsl;
using VptDsl.Training.Recipes;

namespace Study;

/// <summary>A declared way to tune the backbone, and the settings that are tried for it.</summary>
/// <param name="Name">What it is called in the report.</param>
/// <param name="Load">Puts the model on a device, with a backbone file and a seed.</param>
/// <param name="TrainedParameters">A constant of the generated class.</param>
/// <param name="StepBytes">The generated size of a step's memory for a batch.</param>
/// <param name="Recipe">Learning rates, optimiser and length.</param>
internal sealed record Protocol(
    string Name, Func<Device, string, int, Tuner> Load, long TrainedParameters, Func<int, long> StepBytes, Recipe Recipe)
{
    /// <summary>What a task keeps beside the shared backbone.</summary>
    public long TaskBytes => 4 * TrainedParameters;
}
