using System.Diagnostics;
using System.Globalization;
using Spectre.Console;
using VptDsl.Training.Checkpoints;

namespace VptDsl.Training.Display;

/// <summary>Moves a progress bar and describes where the fit stands.</summary>
internal sealed class BarObserver(IAnsiConsole console, ProgressTask task, int epochs, int stepsPerEpoch) : IFitObserver
{
    // Text is made only as often as an eye can follow, so that quick steps do not spend their time on it.
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);
    private long _described;
    private string _validation = "";

    public void Resumed(RunState state) => console.WriteLine(LineObserver.Describe(state));

    public void Warned(string warning) => console.Write(new Text($"warning: {warning}\n", new Style(Color.Yellow)));

    public void StepEnded(in FitStatus status)
    {
        if (_described != 0 && Stopwatch.GetElapsedTime(_described) < Interval)
            return;

        _described = Stopwatch.GetTimestamp();
        task.Value = ((status.Epoch - 1) * (double)stepsPerEpoch) + status.Step;
        task.Description = string.Create(
            CultureInfo.InvariantCulture,
            $"epoch {status.Epoch}/{epochs}  loss {status.Loss:F4}  accuracy {100 * status.Accuracy:F1} %{_validation}  " +
            $"{status.ImagesPerSecond:F0} images/s");
    }

    public void EpochEnded(EpochReport report)
    {
        task.Value = report.Epoch * (double)stepsPerEpoch;
        if (report.ValidationAccuracy is { } accuracy)
            _validation = string.Create(CultureInfo.InvariantCulture, $"  validation {100 * accuracy:F1} %{LineObserver.MeanIoU(report)}");
    }
}
