using System.Diagnostics;
using Spectre.Console;
using VptDsl.Training.Checkpoints;

namespace VptDsl.Training.Display;

/// <summary>Moves a progress bar and says where the fit stands.</summary>
internal sealed class BarObserver(IAnsiConsole console, ProgressTask task, StatusLine line, int stepsPerEpoch) : IFitObserver
{
    // As often as an eye can follow, so that quick steps do not spend their time on it.
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);
    private long _shown;

    public void Resumed(RunState state)
    {
        task.Value = (state.Epoch * (double)stepsPerEpoch) + state.Step;
        console.WriteLine(LineObserver.Describe(state));
    }

    public void Warned(string warning) => console.Write(new Text($"warning: {warning}\n", new Style(Color.Yellow)));

    public void StepEnded(in FitStatus status)
    {
        if (_shown != 0 && Stopwatch.GetElapsedTime(_shown) < Interval)
            return;

        _shown = Stopwatch.GetTimestamp();
        line.StepEnded(status);
        task.Value = ((status.Epoch - 1) * (double)stepsPerEpoch) + status.Step;
    }

    public void EpochEnded(EpochReport report)
    {
        line.EpochEnded(report);
        task.Value = report.Epoch * (double)stepsPerEpoch;
    }
}
