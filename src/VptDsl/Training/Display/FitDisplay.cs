using Spectre.Console;

namespace VptDsl.Training.Display;

/// <summary>Runs a fit under the display that was asked for.</summary>
internal static class FitDisplay
{
    /// <summary>Runs a fit.</summary>
    /// <param name="console">Where to show progress; null for standard output.</param>
    /// <param name="display">What to show.</param>
    /// <param name="epochs">The number of epochs.</param>
    /// <param name="stepsPerEpoch">The number of steps in each.</param>
    /// <param name="fit">The fit, which reports to the observer it is given.</param>
    public static FitReport Run(
        IAnsiConsole? console, ProgressDisplay display, int epochs, int stepsPerEpoch, Func<IFitObserver, FitReport> fit)
    {
        if (display == ProgressDisplay.Off)
            return fit(new SilentObserver());
        console ??= AnsiConsole.Console;
        IAnsiConsoleOutput output = console.Profile.Out;
        console.Profile.Out = output as TolerantOutput ?? new TolerantOutput(output);
        try
        {
            return display switch
            {
                ProgressDisplay.Lines => fit(new LineObserver(console, epochs)),
                ProgressDisplay.Auto when !CanShowBar(console) => fit(new LineObserver(console, epochs)),
                ProgressDisplay.Auto or ProgressDisplay.Bar => RunWithBar(console, epochs, stepsPerEpoch, fit),
                _ => throw new ArgumentOutOfRangeException(nameof(display), display, "Not a way to show progress."),
            };
        }
        finally
        {
            console.Profile.Out = output;
        }
    }

    /// <summary>Whether lines can be written over: not in a file, and not on a dumb terminal.</summary>
    private static bool CanShowBar(IAnsiConsole console) =>
        console.Profile.Out.IsTerminal && console.Profile.Capabilities is { Interactive: true, Ansi: true };

    private static FitReport RunWithBar(IAnsiConsole console, int epochs, int stepsPerEpoch, Func<IFitObserver, FitReport> fit)
    {
        var line = new StatusLine();
        bool isShown = false;
        try
        {
            return console.Progress()
                .AutoClear(true)
                .Columns(new StatusColumn(line, epochs))
                .Start(context =>
                {
                    isShown = true;
                    ProgressTask task = context.AddTask("fit", maxValue: epochs * (double)stepsPerEpoch);
                    return fit(new BarObserver(console, task, line, stepsPerEpoch));
                });
        }
        catch (InvalidOperationException) when (!isShown)
        {
            // The console has one display at a time: another fit's, or the caller's own.
            return fit(new LineObserver(console, epochs));
        }
    }
}
