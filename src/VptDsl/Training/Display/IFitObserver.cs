using VptDsl.Training.Checkpoints;

namespace VptDsl.Training.Display;

/// <summary>Follows a fit. Called on the training thread, so it must be quick.</summary>
internal interface IFitObserver
{
    /// <summary>The fit goes on where an earlier one was interrupted.</summary>
    public void Resumed(RunState state);

    /// <summary>Something looks wrong.</summary>
    public void Warned(string warning);

    /// <summary>A step has ended.</summary>
    public void StepEnded(in FitStatus status);

    /// <summary>An epoch has ended, its validation included.</summary>
    public void EpochEnded(EpochReport report);
}

/// <summary>Where a fit stands.</summary>
/// <param name="Epoch">The number of the epoch, from 1.</param>
/// <param name="Step">The number of the step within the epoch, from 1.</param>
/// <param name="Loss">The epoch's mean training loss so far.</param>
/// <param name="Accuracy">The epoch's training accuracy so far, from 0 to 1.</param>
/// <param name="ImagesPerSecond">Training images a second in this epoch so far.</param>
internal readonly record struct FitStatus(int Epoch, int Step, double Loss, double Accuracy, double ImagesPerSecond);
