using VptDsl;
using VptDsl.Training.Recipes;

namespace Study;

/// <summary>A declared way to tune the backbone, and the settings that are tried for it.</summary>
/// <param name="Name">What it is called in the report.</param>
/// <param name="Load">Puts the model on a device, with a backbone file and a seed.</param>
/// <param name="StepBytes">The planned size of a step's memory for a batch.</param>
/// <param name="Recipe">Learning rates, optimiser and length.</param>
internal sealed record Protocol(string Name, Func<Device, string, int, Tuner> Load, Func<int, long> StepBytes, Recipe Recipe)
{
    /// <summary>The same with settings that did best for another.</summary>
    public Protocol With(Outcome other) => this with
    {
        Recipe = Recipe with { LearningRates = [other.Rate], WeightDecays = [other.WeightDecay] },
    };

    /// <summary>Tunes as a class declares.</summary>
    public static Protocol Of<T>(string name, Recipe recipe)
        where T : Tuner, IDeclared<T> => new(name, T.Load, T.StepBytes, recipe);
}
