using System.Globalization;

namespace VptDsl.Training;

/// <summary>
/// Training produced a loss or parameters that are no numbers, and was stopped. The model has the parameters of its best epoch again, where
/// <see cref="FitOptions.KeepBest"/> kept one, else those that the run began with.
/// </summary>
public sealed class TrainingDivergedException : Exception
{
    internal TrainingDivergedException(int epoch, int step, double learningRate, string what)
        : base(string.Create(
            CultureInfo.InvariantCulture,
            $"Training diverged in epoch {epoch}, step {step}, at learning rate {learningRate:G4}: {what} " +
            $"Try a lower BaseLearningRate (a tenth, say) or a longer warm-up; " +
            $"if this is the very first step, look for NaN in the images or the loaded weights."))
    {
        Epoch = epoch;
        Step = step;
        LearningRate = learningRate;
    }

    /// <summary>The number of the epoch, from 1.</summary>
    public int Epoch { get; }

    /// <summary>The number of the step within the epoch, from 1.</summary>
    public int Step { get; }

    /// <summary>The learning rate of that step.</summary>
    public double LearningRate { get; }
}
