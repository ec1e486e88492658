using System.Globalization;
using Spectre.Console;
using VptDsl.Training.Checkpoints;

namespace VptDsl.Training.Display;

/// <summary>Writes one plain line for each epoch.</summary>
internal sealed class LineObserver(TextWriter output, int epochs) : IFitObserver
{
    public LineObserver(IAnsiConsole console, int epochs)
        : this(console.Profile.Out.Writer, epochs)
    {
    }

    public void Resumed(RunState state) => output.WriteLine(Describe(state));

    public void Warned(string warning) => output.WriteLine($"warning: {warning}");

    public void StepEnded(in FitStatus status)
    {
    }

    public void EpochEnded(EpochReport report) =>
        output.WriteLine(report.Describe(string.Create(CultureInfo.InvariantCulture, $"{report.Epoch}/{epochs}")));

    /// <summary>Where a fit goes on.</summary>
    public static string Describe(RunState state) => state.IsFinished
        ? string.Create(CultureInfo.InvariantCulture, $"finished before, after epoch {state.Epoch}")
        : string.Create(CultureInfo.InvariantCulture, $"going on in epoch {state.Epoch + 1}, after step {state.Step}");
}
