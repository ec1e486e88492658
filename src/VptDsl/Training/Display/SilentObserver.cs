using VptDsl.Training.Checkpoints;

namespace VptDsl.Training.Display;

/// <summary>Shows nothing.</summary>
internal sealed class SilentObserver : IFitObserver
{
    public void Resumed(RunState state)
    {
    }

    public void Warned(string warning)
    {
    }

    public void StepEnded(in FitStatus status)
    {
    }

    public void EpochEnded(EpochReport report)
    {
    }
}
