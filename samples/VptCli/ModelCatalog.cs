using VptDsl;

namespace VptCli;

/// <summary>A model that the command line has ready.</summary>
/// <param name="Name">What to call it, for instance <c>vit-b16-deep</c>.</param>
/// <param name="Load">Loads its backbone from a file, of an entry if one is named, with a seed for the rest.</param>
/// <param name="ImageSize">Height and width of its images in pixels.</param>
/// <param name="Channels">Colour channels of its images.</param>
/// <param name="Classes">The most classes that a task may have.</param>
/// <param name="TrainableParameters">Parameters that training changes, with as many classes.</param>
/// <param name="StepBytes">Working memory of a training step for a batch.</param>
/// <param name="Explanation">What the compiler removed from a step.</param>
internal sealed record ModelEntry(
    string Name, Func<Device, string, string?, int, Tuner> Load, int ImageSize, int Channels, int Classes, long TrainableParameters,
    Func<int, long> StepBytes, string Explanation);

/// <summary>The models that the command line has ready.</summary>
internal static class ModelCatalog
{
    /// <summary>Their names in short.</summary>
    public const string Summary = "vit-s16, vit-b16, vit-l16 or tiny, with -linear, -shallow or -deep after it";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<ModelEntry> All { get; } =
    [
        new(
            "tiny-linear", LinearTiny.Load, LinearTiny.ImageSize, LinearTiny.Channels, LinearTiny.Classes,
            LinearTiny.TrainableParameters, LinearTiny.StepBytes, LinearTiny.Explanation),
        new(
            "tiny-shallow", ShallowTiny.Load, ShallowTiny.ImageSize, ShallowTiny.Channels, ShallowTiny.Classes,
            ShallowTiny.TrainableParameters, ShallowTiny.StepBytes, ShallowTiny.Explanation),
        new(
            "tiny-deep", DeepTiny.Load, DeepTiny.ImageSize, DeepTiny.Channels, DeepTiny.Classes,
            DeepTiny.TrainableParameters, DeepTiny.StepBytes, DeepTiny.Explanation),
        new(
            "vit-s16-linear", LinearSmall.Load, LinearSmall.ImageSize, LinearSmall.Channels, LinearSmall.Classes,
            LinearSmall.TrainableParameters, LinearSmall.StepBytes, LinearSmall.Explanation),
        new(
            "vit-s16-shallow", ShallowSmall.Load, ShallowSmall.ImageSize, ShallowSmall.Channels, ShallowSmall.Classes,
            ShallowSmall.TrainableParameters, ShallowSmall.StepBytes, ShallowSmall.Explanation),
        new(
            "vit-s16-deep", DeepSmall.Load, DeepSmall.ImageSize, DeepSmall.Channels, DeepSmall.Classes,
            DeepSmall.TrainableParameters, DeepSmall.StepBytes, DeepSmall.Explanation),
        new(
            "vit-b16-linear", LinearBase.Load, LinearBase.ImageSize, LinearBase.Channels, LinearBase.Classes,
            LinearBase.TrainableParameters, LinearBase.StepBytes, LinearBase.Explanation),
        new(
            "vit-b16-shallow", ShallowBase.Load, ShallowBase.ImageSize, ShallowBase.Channels, ShallowBase.Classes,
            ShallowBase.TrainableParameters, ShallowBase.StepBytes, ShallowBase.Explanation),
        new(
            "vit-b16-deep", DeepBase.Load, DeepBase.ImageSize, DeepBase.Channels, DeepBase.Classes,
            DeepBase.TrainableParameters, DeepBase.StepBytes, DeepBase.Explanation),
        new(
            "vit-l16-linear", LinearLarge.Load, LinearLarge.ImageSize, LinearLarge.Channels, LinearLarge.Classes,
            LinearLarge.TrainableParameters, LinearLarge.StepBytes, LinearLarge.Explanation),
        new(
            "vit-l16-shallow", ShallowLarge.Load, ShallowLarge.ImageSize, ShallowLarge.Channels, ShallowLarge.Classes,
            ShallowLarge.TrainableParameters, ShallowLarge.StepBytes, ShallowLarge.Explanation),
        new(
            "vit-l16-deep", DeepLarge.Load, DeepLarge.ImageSize, DeepLarge.Channels, DeepLarge.Classes,
            DeepLarge.TrainableParameters, DeepLarge.StepBytes, DeepLarge.Explanation),
    ];

    /// <summary>A model by its name.</summary>
    public static ModelEntry Get(string name) => All.First(model => model.Name == name);
}
