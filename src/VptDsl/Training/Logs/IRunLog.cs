namespace VptDsl.Training.Logs;

/// <summary>Takes down the numbers of a run as it goes. <see cref="FitOptions.Logs"/> names those of a run.</summary>
/// <remarks>
/// Called on the training thread, so it should be quick. An <see cref="IOException"/> or <see cref="UnauthorizedAccessException"/> of
/// <see cref="Log"/> or <see cref="End"/> is a warning of the run and the end of the log; of <see cref="Begin"/> it is one of <c>Fit</c>.
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
