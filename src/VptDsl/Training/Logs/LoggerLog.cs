using Microsoft.Extensions.Logging;

namespace VptDsl.Training.Logs;

/// <summary>
/// A log to an <see cref="ILogger"/>, for programs whose host gathers what they log: events with ids and properties by name.
/// </summary>
/// <remarks>
/// Epochs, the run's beginning and its end are <see cref="LogLevel.Information"/>, what looks wrong is <see cref="LogLevel.Warning"/>, the
/// numbers of steps are <see cref="LogLevel.Debug"/>. An error that ends the run is an exception of <c>Fit</c>, and its caller's to log.
/// One log follows one run at a time; open a scope (<see cref="ILogger.BeginScope{TState}"/>) to tell several runs apart.
/// </remarks>
public sealed partial class LoggerLog : IRunLog
{
    private readonly ILogger _logger;
    private int _step;
    private bool _isCompleted;

    /// <summary>A log to a logger.</summary>
    /// <param name="logger">Whose category and levels decide what is written.</param>
    public LoggerLog(ILogger logger)
    {
        ArgumentNullException.ThrowIfNull(logger);
        _logger = logger;
    }

    /// <inheritdoc/>
    /// <exception cref="IOException">A provider of the logger failed.</exception>
    public void Begin(int step) => Write(() =>
    {
        (_step, _isCompleted) = (step, false);
        if (step == 0)
            RunBegan(_logger);
        else
            RunResumed(_logger, step);
    });

    /// <inheritdoc/>
    /// <exception cref="IOException">A provider of the logger failed.</exception>
    public void Log(int step, IReadOnlyList<LoggedValue> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        Write(() =>
        {
            _step = step;
            foreach ((string name, double value) in values)
                NumberLogged(_logger, step, name, value);
        });
    }

    /// <inheritdoc/>
    /// <exception cref="IOException">A provider of the logger failed.</exception>
    public void EpochEnded(int step, EpochReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        Write(() =>
        {
            _step = step;
            LogEpoch(report);
        });
    }

    /// <inheritdoc/>
    /// <exception cref="IOException">A provider of the logger failed.</exception>
    public void Warned(string warning)
    {
        ArgumentNullException.ThrowIfNull(warning);
        Write(() => RunWarned(_logger, warning));
    }

    /// <inheritdoc/>
    /// <exception cref="IOException">A provider of the logger failed.</exception>
    public void Completed(FitReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        Write(() =>
        {
            _isCompleted = true;
            RunCompleted(_logger, report.Epochs.Length, report.Seconds, report.BestEpoch, report.StoppedEarly);
        });
    }

    /// <inheritdoc/>
    /// <exception cref="IOException">A provider of the logger failed.</exception>
    public void End() => Write(() =>
    {
        if (!_isCompleted)
            RunStopped(_logger, _step);
    });

    /// <summary>Where to.</summary>
    public override string ToString() => $"to an {nameof(ILogger)}";

    private void LogEpoch(EpochReport report)
    {
        (int epoch, double loss, double accuracy, double speed) =
            (report.Epoch, report.TrainLoss, report.TrainAccuracy, report.ImagesPerSecond);
        if (report is not { ValidationLoss: { } validationLoss, ValidationAccuracy: { } validationAccuracy })
            EpochTrained(_logger, epoch, loss, accuracy, speed);
        else if (report.ValidationMeanIoU is { } meanIoU)
            EpochOfPixelsValidated(_logger, epoch, loss, accuracy, validationLoss, validationAccuracy, meanIoU, speed);
        else if (report.ValidationMeanAveragePrecision is { } precision)
            EpochOfManyLabelsValidated(_logger, epoch, loss, accuracy, validationLoss, validationAccuracy, precision, speed);
        else
            EpochValidated(_logger, epoch, loss, accuracy, validationLoss, validationAccuracy, speed);
    }

    // What is thrown by a provider, Microsoft's loggers throw on when all have been asked; others throw what they like. A run does not end
    // for it.
    private static void Write(Action write)
    {
        try
        {
            write();
        }
        catch (Exception e)
        {
            string cause = ((e as AggregateException)?.InnerException ?? e).Message.TrimEnd('.');
            throw new IOException($"the logger failed: {cause}. Mend the provider that it writes to, or leave the log out.", e);
        }
    }

    [LoggerMessage(1, LogLevel.Information, "The run begins.")]
    private static partial void RunBegan(ILogger logger);

    [LoggerMessage(2, LogLevel.Information, "The run goes on after step {Step}.")]
    private static partial void RunResumed(ILogger logger, int step);

    [LoggerMessage(3, LogLevel.Information,
        "Epoch {Epoch}: loss {TrainLoss:F4} accuracy {TrainAccuracy:P1}, {ImagesPerSecond:F0} images/s.")]
    private static partial void EpochTrained(ILogger logger, int epoch, double trainLoss, double trainAccuracy, double imagesPerSecond);

    [LoggerMessage(4, LogLevel.Information,
        "Epoch {Epoch}: loss {TrainLoss:F4} accuracy {TrainAccuracy:P1}, validation loss {ValidationLoss:F4} accuracy "
        + "{ValidationAccuracy:P1}, {ImagesPerSecond:F0} images/s.")]
    private static partial void EpochValidated(
        ILogger logger, int epoch, double trainLoss, double trainAccuracy, double validationLoss, double validationAccuracy,
        double imagesPerSecond);

    [LoggerMessage(5, LogLevel.Information,
        "Epoch {Epoch}: loss {TrainLoss:F4} accuracy {TrainAccuracy:P1}, validation loss {ValidationLoss:F4} accuracy "
        + "{ValidationAccuracy:P1} mIoU {ValidationMeanIoU:P1}, {ImagesPerSecond:F0} images/s.")]
    private static partial void EpochOfPixelsValidated(
        ILogger logger, int epoch, double trainLoss, double trainAccuracy, double validationLoss, double validationAccuracy,
        double validationMeanIoU, double imagesPerSecond);

    [LoggerMessage(6, LogLevel.Information,
        "Epoch {Epoch}: loss {TrainLoss:F4} accuracy {TrainAccuracy:P1}, validation loss {ValidationLoss:F4} accuracy "
        + "{ValidationAccuracy:P1} mAP {ValidationMeanAveragePrecision:P1}, {ImagesPerSecond:F0} images/s.")]
    private static partial void EpochOfManyLabelsValidated(
        ILogger logger, int epoch, double trainLoss, double trainAccuracy, double validationLoss, double validationAccuracy,
        double validationMeanAveragePrecision, double imagesPerSecond);

    [LoggerMessage(7, LogLevel.Information,
        "The run has ended: {Epochs} epochs in {Seconds:F1} s, the best of them epoch {BestEpoch}; stopped early: {StoppedEarly}.")]
    private static partial void RunCompleted(ILogger logger, int epochs, double seconds, int bestEpoch, bool stoppedEarly);

    [LoggerMessage(8, LogLevel.Information, "The run stops after step {Step}, before its end.")]
    private static partial void RunStopped(ILogger logger, int step);

    [LoggerMessage(9, LogLevel.Warning, "{Warning}")]
    private static partial void RunWarned(ILogger logger, string warning);

    [LoggerMessage(10, LogLevel.Debug, "Step {Step}: {Name} {Value}.")]
    private static partial void NumberLogged(ILogger logger, int step, string name, double value);
}
