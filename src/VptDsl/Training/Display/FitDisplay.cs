using Spectre.Console;

namespace VptDsl.Training.Display;

/// <summary>Runs a fit under the display that was asked for.</summary>
internal static class FitDisplay
{
    /// <summary>Runs a fit.</summary>
    /// <param name="console">Where to show progress.</param>
    /// <param name="display">What to show.</param>
    /// <param name="epochs">The number of epochs.</param>
    /// <param name="stepsPerEpoch">The number of steps in each.</param>
    /// <param name="fit">The fit, which reports to the observer it is given.</param>
    public static FitReport Run(
        IAnsiConsole console, ProgressDisplay display, int epochs, int stepsPerEpoch, Func<IFitObserver, FitReport> fit) => display switch
        {
            ProgressDisplay.Off => fit(new SilentObserver()),
            ProgressDisplay.Lines => fit(new LineObserver(console, epochs)),
            ProgressDisplay.Auto when !IsTerminal(console) => fit(new LineObserver(console, epochs)),
            ProgressDisplay.Auto or ProgressDisplay.Bar => RunWithBar(console, epochs, stepsPerEpoch, fit),
            _ => throw new ArgumentOutOfRangeException(nameof(display), display, "Not a way to show progress."),
        };

    private static bool IsTerminal(IAnsiConsole console) => console.Profile.Out.IsTerminal && console.Profile.Capabilities.Interactive;

    private static FitReport RunWithBar(IAnsiConsole console, int epochs, int stepsPerEpoch, Func<IFitObserver, FitReport> fit) =>
        console.Progress()
            .AutoClear(true)
            .Columns(new ProgressBarColumn(), new PercentageColumn(), new TaskDescriptionColumn(), new RemainingTimeColumn())
            .Start(context =>
            {
                ProgressTask task = context.AddTask("starting", maxValue: epochs * (double)stepsPerEpoch);
                return fit(new BarObserver(console, task, epochs, stepsPerEpoch));
            });
}
