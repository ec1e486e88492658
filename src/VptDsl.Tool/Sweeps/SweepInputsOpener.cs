using VptDsl.Orleans;
using VptDsl.Training.Recipes;

namespace VptDsl.Tool.Sweeps;

/// <summary>Opens on a silo what another command sent: attributes are read as those of a task file, and anything else is refused.</summary>
internal sealed class SweepInputsOpener : ISweepOpener
{
    public SweepWork Open(string work, Recipe recipe, Device device) => WorkOf(SweepInputs.Parse(work).Open(recipe, device));

    /// <summary>Opened inputs as a cluster takes them.</summary>
    public static SweepWork WorkOf(OpenedInputs opened) => new(opened.Create, opened.Train, opened.Held, opened.All, opened.Test);
}
