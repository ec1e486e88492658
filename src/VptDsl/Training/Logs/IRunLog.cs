namespace VptDsl.Training.Logs;

/// <summary>Takes down the numbers of a run as it goes. <see cref="FitOptions.Logs"/> names those of a run.</summary>
/// <remarks>
/// Called on the training thread, so it should be quick. An <see cref="IOException"/> or <see cref="UnauthorizedAccessException"/> of
/// any member is a warning of the run and the end of the log; of <see cref="Begin"/> it is one of <c>Fit</c>.
/// </remarks>
public interface IRunLog
{
    /// <summary>Called before the run's first step in this process.</summary>
    /// <param name="step">
    /// The updates that the run has made before: what was logged after them comes again and is to be forgotten. 0 where a run begins.
    /// </param>
    void Begin(int step);

    /// <summary>Takes down numbers.</summary>
    /// <param name="step">The updates that the run has made.</param>
    /// <param name="values">Numbers with their names, such as <c>validation/accuracy</c>.</param>
    void Log(int step, IReadOnlyList<LoggedValue> values);

    /// <summary>Takes down an epoch, its validation included. Unless a log does otherwise, as numbers.</summary>
    /// <param name="step">The updates that the run has made.</param>
    /// <param name="report">The epoch.</param>
    void EpochEnded(int step, EpochReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        Log(step, EpochValues.Of(report));
    }

    /// <summary>Takes down what looks wrong, in words. Unless a log does otherwise, it is left to the report and the console.</summary>
    /// <param name="warning">A sentence or more.</param>
    void Warned(string warning)
    {
    }

    /// <summary>Called before <see cref="End"/> when all epochs have been run, or none brings anything better.</summary>
    /// <param name="report">The run.</param>
    void Completed(FitReport report)
    {
    }

    /// <summary>Called when the run ends in this process, however it ends.</summary>
    void End();
}

/// <summary>A number with a name.</summary>
/// <param name="Name">Parts of it are divided by slashes.</param>
/// <param name="Value">The number.</param>
public readonly record struct LoggedValue(string Name, double Value)
{
    /// <summary>Name and number.</summary>
    public override string ToString() => FormattableString.Invariant($"{Name} {Value:R}");
}
