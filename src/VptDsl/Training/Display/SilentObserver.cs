using VptDsl.Training.Checkpoints;

namespace VptDsl.Training.Display;

/// <summary>Shows nothing but what looks wrong.</summary>
/// <param name="output">Where to; null to show not even that.</param>
internal sealed class SilentObserver(TextWriter? output) : IFitObserver
{
    public void Resumed(RunState state)
    {
    }

    public void Warned(string warning) => output?.WriteLine($"warning: {warning}");

    public void StepEnded(in FitStatus status)
    {
    }

    public void EpochEnded(EpochReport report)
    {
    }
}
