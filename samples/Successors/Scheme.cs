using Successors.Models;
using VptDsl;

namespace Successors;

/// <summary>One row of the comparison.</summary>
/// <param name="Name">The scheme's name in the table.</param>
/// <param name="Load">Puts the model on a device, with a backbone file and a seed.</param>
/// <param name="TrainedParameters">A constant of the generated class.</param>
internal sealed record Scheme(string Name, Func<Device, string, int, Tuner> Load, long TrainedParameters)
{
    /// <summary>The built-in scheme and the three that are declared here.</summary>
    public static IReadOnlyList<Scheme> All { get; } =
    [
        new("VPT-deep", DeepPrompts.Load, DeepPrompts.TrainableParameters),
        new("key-value prompts", KeyValuePrompts.Load, KeyValuePrompts.TrainableParameters),
        new("gated prompts", GatedPrompts.Load, GatedPrompts.TrainableParameters),
        new("cross-attention prompts", CrossPrompts.Load, CrossPrompts.TrainableParameters),
    ];
}
