using System.Collections.Immutable;
using VptDsl.Data;

namespace Study;

/// <summary>A small task: 1,000 labelled images in ten classes, and 3,000 to test on.</summary>
/// <param name="Name">What it is called in the report.</param>
/// <param name="Kind">Its group there.</param>
/// <param name="Source">Where its images come from.</param>
/// <param name="Normalization">
/// Applied when an image is read. Where brightness is nothing like the backbone's images', mean and deviation of the labelled images:
/// what the backbone then gets spreads as what it was pre-trained on.
/// </param>
/// <param name="ReadImages">Reads the labelled images and those to test on from the study's data folder.</param>
internal sealed record StudyTask(
    string Name,
    TaskKind Kind,
    string Source,
    Normalization Normalization,
    Func<string, Normalization, (ImageSet Labelled, ImageSet Test)> ReadImages)
{
    /// <summary>The classes of every task: a model's declaration fixes their number.</summary>
    public const int Classes = 10;

    private static readonly ImmutableArray<string> Structures =
    [
        "precentral gyrus", "middle frontal gyrus", "insula", "middle cingulate gyrus", "hippocampus", "calcarine cortex", "precuneus",
        "putamen", "middle temporal gyrus", "cerebellar hemisphere",
    ];

    /// <summary>Handwritten digits between others, those of QuickStart.</summary>
    public static StudyTask Digits { get; } = new(
        "Digits", TaskKind.Natural, "MNIST, drawn", QuickStart.CrowdedDigits.Normalization, QuickStart.CrowdedDigits.Read);

    /// <summary>Structures of the brain in patches of scans, see the README of the data folder.</summary>
    public static StudyTask Brain { get; } = new(
        "Brain", TaskKind.Specialized, "Colin 27 and its AAL atlas", new Normalization(mean: 0.667f, deviation: 0.217f), ReadBrain);

    /// <summary>The column that a figure lies in.</summary>
    public static StudyTask Position { get; } = new(
        "Position", TaskKind.Structured, "rendered", new Normalization(mean: 0.508f, deviation: 0.236f), DrawPosition);

    /// <summary>All tasks, one of each kind.</summary>
    public static ImmutableArray<StudyTask> All { get; } = [Digits, Brain, Position];

    /// <summary>What it is called in commands and folders.</summary>
    public string Key => Name.ToLowerInvariant();

    /// <summary>Reads the task's images without splitting the labelled ones.</summary>
    /// <param name="folder">The study's data folder.</param>
    public (ImageSet Labelled, ImageSet Test) ReadAll(string folder) => ReadImages(folder, Normalization);

    private static (ImageSet Labelled, ImageSet Test) ReadBrain(string folder, Normalization normalization) =>
        (IdxPair.Read(folder, "brain-train", normalization, Structures), IdxPair.Read(folder, "brain-test", normalization, Structures));

    private static (ImageSet Labelled, ImageSet Test) DrawPosition(string folder, Normalization normalization) =>
        (PositionRenderer.Draw(1000, seed: 1, normalization), PositionRenderer.Draw(3000, seed: 2, normalization));
}
