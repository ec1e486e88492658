using VptDsl.Training;

namespace VptDsl.Tool.Reports;

/// <summary>What a page shows of a run.</summary>
internal sealed record RunReport
{
    /// <summary>What it is about, for instance the task file's name.</summary>
    public required string Title { get; init; }

    /// <summary>What the model is, a line for each.</summary>
    public required IReadOnlyList<(string Name, string Value)> Facts { get; init; }

    /// <summary>What the run was given, a line for each; empty where nobody knows.</summary>
    public required IReadOnlyList<(string Name, string Value)> Options { get; init; }

    /// <summary>How the run went; null where no log was given.</summary>
    public required LoggedRun? Log { get; init; }

    /// <summary>How the model does on the images.</summary>
    public required Evaluation Evaluation { get; init; }

    /// <summary>The name of each class.</summary>
    public required IReadOnlyList<string> Names { get; init; }

    /// <summary>All mistakes that were made; <see cref="Mistakes"/> are some of them.</summary>
    public required int MistakeCount { get; init; }

    /// <summary>The mistakes that are shown.</summary>
    public required IReadOnlyList<ShownMistake> Mistakes { get; init; }

    /// <summary>Where the model looks in chosen images.</summary>
    public required IReadOnlyList<ShownAttention> Attention { get; init; }
}

/// <summary>A mistake with its picture.</summary>
/// <param name="Mistake">The mistake.</param>
/// <param name="File">Where the image is.</param>
/// <param name="Picture">Its <see cref="Thumbnail"/>.</param>
internal sealed record ShownMistake(Mistake Mistake, string File, string Picture);
