namespace VptDsl.Training.Logs;

/// <summary>The logs of a run: one that fails is given up with a warning, and the run goes on.</summary>
internal sealed class RunLogs(IReadOnlyList<IRunLog> logs, int everySteps)
{
    private readonly List<IRunLog> _open = [];

    /// <summary>Opens the logs.</summary>
    /// <param name="step">The updates that the run has made before.</param>
    public void Begin(int step)
    {
        foreach (IRunLog log in logs)
        {
            log.Begin(step);
            _open.Add(log);
        }
    }

    /// <summary>Whether a step is one of those that are logged.</summary>
    public bool IsDue(int step) => _open.Count > 0 && step % everySteps == 0;

    /// <summary>Takes down a step.</summary>
    /// <param name="step">The updates that the run has made.</param>
    /// <param name="loss">The mean loss of the step's images.</param>
    /// <param name="learningRate">The step's.</param>
    /// <param name="warn">Called with what went wrong.</param>
    public void Step(int step, double loss, double learningRate, Action<string> warn)
    {
        LoggedValue[] values = [new("train/step_loss", loss), new("train/learning_rate", learningRate)];
        Tell(log => log.Log(step, values), warn);
    }

    /// <summary>Takes down an epoch.</summary>
    /// <param name="step">The updates that the run has made.</param>
    /// <param name="report">The epoch.</param>
    /// <param name="warn">Called with what went wrong.</param>
    public void Epoch(int step, EpochReport report, Action<string> warn) => Tell(log => log.EpochEnded(step, report), warn);

    /// <summary>Takes down what looks wrong.</summary>
    /// <param name="warning">A sentence or more.</param>
    /// <param name="warn">Called with what went wrong.</param>
    public void Warned(string warning, Action<string> warn) => Tell(log => log.Warned(warning), warn);

    /// <summary>Takes down the end of the last epoch.</summary>
    /// <param name="report">The run.</param>
    /// <param name="warn">Called with what went wrong.</param>
    public void Completed(FitReport report, Action<string> warn) => Tell(log => log.Completed(report), warn);

    /// <summary>Closes the logs.</summary>
    public void End(Action<string> warn)
    {
        // One that has ended hears of nothing more, not of another's failure either.
        foreach (IRunLog log in _open.ToArray())
        {
            Try(log, log.End, warn);
            _open.Remove(log);
        }
    }

    private void Tell(Action<IRunLog> act, Action<string> warn)
    {
        foreach (IRunLog log in _open.ToArray())
            Try(log, () => act(log), warn);
    }

    private void Try(IRunLog log, Action act, Action<string> warn)
    {
        try
        {
            act();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _open.Remove(log);
            Abandon(log);
            warn($"The log {log} could not be written: {e.Message.TrimEnd('.')}. The run goes on without it.");
        }
    }

    private static void Abandon(IRunLog log)
    {
        try
        {
            log.End();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // What could not be written is what the warning is about.
        }
    }
}
