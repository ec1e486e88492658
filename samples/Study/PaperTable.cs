using System.Collections.Immutable;

namespace Study;

/// <summary>
/// Table 1 of the paper (Jia et al., Visual Prompt Tuning, 2022): a ViT-B/16 that was pre-trained on ImageNet-21k with labels.
/// </summary>
internal static class PaperTable
{
    /// <summary>The tasks of the table, those of fine-grained classes included.</summary>
    public const int Tasks = 24;

    /// <summary>The tasks on which VPT-deep is better than full tuning.</summary>
    public const int DeepWins = 20;

    /// <summary>What a task trains of VPT-deep is less than this of the backbone, in percent.</summary>
    public const double DeepShare = 1;

    /// <summary>The rows, in the paper's order.</summary>
    public static ImmutableArray<PaperRow> Rows { get; } =
    [
        new("full", "Full", 75.88, 83.36, 47.64),
        new("head", "Linear", 68.93, 77.16, 26.84),
        new("head", "Partial-1", 69.44, 78.53, 34.17),
        new("head", "MLP-3", 67.80, 72.83, 30.62),
        new("backbone", "Sidetune", 58.21, 68.12, 23.41),
        new("backbone", "Bias", 73.30, 78.25, 44.09),
        new("backbone", "Adapter", 70.39, 77.11, 33.43),
        new("prompts", "VPT-shallow", 76.81, 79.66, 46.98),
        new("prompts", "VPT-deep", 78.48, 82.43, 54.98),
    ];

    /// <summary>A method's row.</summary>
    public static PaperRow Of(string method) => Rows.Single(row => row.Method == method);
}
