namespace VptDsl.Training;

/// <summary>
/// A run has ended, and its end could not be saved to its checkpoint: the disk is full, for instance. The model has the result, which
/// <see cref="Tuner.SaveTask"/> may still find room for elsewhere.
/// </summary>
public sealed class UnsavedResultException : IOException
{
    internal UnsavedResultException(FitReport report, Exception cause)
        : base($"{cause.Message} The run has ended and the model has its result: SaveTask writes it elsewhere.", cause) =>
        Report = report;

    /// <summary>How the run went.</summary>
    public FitReport Report { get; }
}
