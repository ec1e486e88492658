namespace VptDsl.Training;

/// <summary>How often the learning rate changes.</summary>
public enum ScheduleStep
{
    /// <summary>Every step takes the rate at its own middle: the warm-up rises smoothly, and no step runs at rate 0.</summary>
    PerIteration,

    /// <summary>
    /// All steps of an epoch take the rate at the epoch's start, as the paper's published code does. With a warm-up the whole first
    /// epoch therefore runs at rate 0 and learns nothing.
    /// </summary>
    PerEpoch,
}

/// <summary>A learning rate that rises linearly from 0 during the warm-up and falls along half a cosine towards 0 at the end.</summary>
/// <remarks>
/// At time t in epochs, with w epochs of warm-up out of n: t / w before w, and (1 + cos(π (t − w) / (n − w))) / 2 from there, times
/// the peak.
/// </remarks>
/// <param name="Peak">The rate at the end of the warm-up.</param>
/// <param name="WarmupEpochs">The length of the warm-up, at least 0 and less than <paramref name="Epochs"/>; need not be whole.</param>
/// <param name="Epochs">The length of the run.</param>
/// <param name="StepsPerEpoch">The number of steps in an epoch.</param>
/// <param name="Step">How often the rate changes.</param>
internal readonly record struct LearningRateSchedule(double Peak, double WarmupEpochs, int Epochs, int StepsPerEpoch, ScheduleStep Step)
{
    /// <summary>The learning rate of a step.</summary>
    /// <param name="epoch">From 0.</param>
    /// <param name="step">The step within the epoch, from 0.</param>
    public double At(int epoch, int step)
    {
        double time = Step == ScheduleStep.PerEpoch ? epoch : epoch + ((step + 0.5) / StepsPerEpoch);
        return time < WarmupEpochs
            ? Peak * time / WarmupEpochs
            : Peak * 0.5 * (1 + Math.Cos(Math.PI * (time - WarmupEpochs) / (Epochs - WarmupEpochs)));
    }
}
