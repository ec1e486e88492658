namespace VptDsl.Training;

/// <summary>
/// Where and how often a fit is saved, so that one that was killed goes on from there and ends with the same bits as one that was not.
/// </summary>
/// <remarks>
/// <para>
/// Give <see cref="FitOptions.Checkpoint"/> one, and call <c>Fit</c> again in the same way after a crash: where the file exists, the
/// fit goes on from it. The file is a safetensors file with the trained parameters, the optimiser's moments, the best epoch's
/// parameters and every epoch's report; it takes two to four times the space of a task file. It is replaced as a whole: at any moment
/// the old or the new one is there.
/// </para>
/// <para>
/// A run holds its checkpoint: a second one with the same file, in this process or another, is refused. A file <c>*.lock</c> beside it
/// is there meanwhile.
/// </para>
/// <para>
/// A checkpoint belongs to one run: to the declaration, the frozen weights, the values that training starts from, the sets and the
/// options. A fit that is another is refused, and the message says in what it differs. What images look like is not compared, only
/// their number, shape, labels and pipeline. After the end the file holds the result: fitting again gives it at once. Delete the
/// file to train anew.
/// </para>
/// </remarks>
public sealed record Checkpoint
{
    /// <summary>A checkpoint in a file.</summary>
    /// <param name="path">The file; its directory must exist. One for each run.</param>
    /// <exception cref="ArgumentException">The path is empty.</exception>
    public Checkpoint(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        Path = path;
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>
    /// Steps between two saves, at least 1; what a crash costs at most. A run that is cancelled saves where it stands as well.
    /// </summary>
    public int EverySteps { get; init; } = 100;

    /// <summary>The file, and how often it is written.</summary>
    public override string ToString() => FormattableString.Invariant($"{Path}, every {EverySteps} steps");
}
