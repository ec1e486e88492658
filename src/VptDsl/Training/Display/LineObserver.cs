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

    public void EpochEnded(EpochReport report) => output.WriteLine(Describe(report));

    /// <summary>Where a fit goes on.</summary>
    public static string Describe(RunState state) => state.IsFinished
        ? string.Create(CultureInfo.InvariantCulture, $"finished before, after epoch {state.Epoch}")
        : string.Create(CultureInfo.InvariantCulture, $"going on in epoch {state.Epoch + 1}, after step {state.Step}");

    /// <summary>The measure of label maps, where there is one.</summary>
    public static string MeanIoU(EpochReport report) =>
        report.ValidationMeanIoU is { } share ? string.Create(CultureInfo.InvariantCulture, $" mIoU {100 * share:F1} %") : "";

    private string Describe(EpochReport report)
    {
        string validation = report.ValidationLoss is { } loss && report.ValidationAccuracy is { } accuracy
            ? string.Create(CultureInfo.InvariantCulture, $", validation loss {loss:F4} accuracy {100 * accuracy:F1} %{MeanIoU(report)}")
            : "";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"epoch {report.Epoch}/{epochs}: loss {report.TrainLoss:F4} accuracy {100 * report.TrainAccuracy:F1} %{validation}, " +
            $"rate {report.LearningRate:G3}, {report.ImagesPerSecond:F0} images/s");
    }
}
