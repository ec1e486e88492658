using System.Collections.Immutable;
using System.Globalization;

namespace VptDsl.Training.Recipes;

/// <summary>What a sweep found.</summary>
public sealed record SweepReport
{
    /// <summary>Every trial, in the order of the grid.</summary>
    public required ImmutableArray<Trial> Trials { get; init; }

    /// <summary>
    /// The trial that did best on the validation set (<see cref="Trial.ValidationAccuracy"/>); of several the one with the smallest
    /// learning rate, then weight decay.
    /// </summary>
    public required Trial Best { get; init; }

    /// <summary>The final runs with the best trial's settings, one for each seed; empty without a test set.</summary>
    public required ImmutableArray<FinalRun> Finals { get; init; }

    /// <summary>
    /// The mean of the final runs' measures on the test set (<see cref="FinalRun.TestAccuracy"/>), from 0 to 1, those left out that
    /// diverged; NaN if there are none.
    /// </summary>
    public double Mean => Measured.Select(run => run.TestAccuracy).DefaultIfEmpty(double.NaN).Average();

    /// <summary>
    /// Their standard deviation, of these runs and not of all imaginable ones (divided by their number), as the paper's authors report it.
    /// </summary>
    public double StandardDeviation =>
        Math.Sqrt(Measured.Select(run => Math.Pow(run.TestAccuracy - Mean, 2)).DefaultIfEmpty(double.NaN).Average());

    private IEnumerable<FinalRun> Measured => Finals.Where(run => !run.HasDiverged);

    /// <summary>
    /// Two lines: the best settings, and mean ± standard deviation in percent; the latter where there are several final runs. One more
    /// says how many of them diverged, if any did.
    /// </summary>
    public override string ToString()
    {
        int measured = Measured.Count();
        string line = string.Create(CultureInfo.InvariantCulture, $"best of {Trials.Length}: {Best}") + measured switch
        {
            0 => "",
            1 => string.Create(CultureInfo.InvariantCulture, $"\ntest {100 * Mean:F2} % with one seed"),
            _ => string.Create(
                CultureInfo.InvariantCulture, $"\ntest {100 * Mean:F2} ± {100 * StandardDeviation:F2} % over {measured} seeds"),
        };
        return measured == Finals.Length
            ? line
            : string.Create(
                CultureInfo.InvariantCulture,
                $"{line}\n{Finals.Length - measured} of {Finals.Length} final runs diverged: list lower learning rates");
    }
}

/// <summary>One pair of settings, tried on the validation set.</summary>
public sealed record Trial
{
    /// <summary>The learning rate for a batch of 256.</summary>
    public required double LearningRate { get; init; }

    /// <summary>The weight decay.</summary>
    public required double WeightDecay { get; init; }

    /// <summary>
    /// How well it does on the validation set, from 0 to 1, by what <see cref="Tuner.Fit"/> keeps its best epoch by: the accuracy; where
    /// images can have several classes the mean average precision; where they have label maps the mean intersection over union. Null if
    /// training diverged.
    /// </summary>
    public double? ValidationAccuracy { get; init; }

    /// <summary>The epoch after which it was stopped for others that did better; null if it trained to its end.</summary>
    public int? Epochs { get; init; }

    /// <summary>The settings and the measure.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"rate {LearningRate}, decay {WeightDecay}: ")
        + (ValidationAccuracy is { } accuracy
            ? string.Create(CultureInfo.InvariantCulture, $"validation {100 * accuracy:F2} %")
            : "diverged")
        + (Epochs is { } epochs ? string.Create(CultureInfo.InvariantCulture, $" after epoch {epochs}") : "");
}

/// <summary>A run on training and validation images together, with the best settings.</summary>
public sealed record FinalRun
{
    /// <summary>Its seed.</summary>
    public required int Seed { get; init; }

    /// <summary>
    /// How well it does on the test set, from 0 to 1, by the measure of <see cref="Trial.ValidationAccuracy"/>; NaN if training diverged.
    /// </summary>
    public required double TestAccuracy { get; init; }

    /// <summary>The mean cross-entropy of the training images in each epoch; none if training diverged.</summary>
    public required ImmutableArray<double> TrainLosses { get; init; }

    internal bool HasDiverged => double.IsNaN(TestAccuracy);

    /// <summary>The seed and the measure.</summary>
    public override string ToString() => HasDiverged
        ? string.Create(CultureInfo.InvariantCulture, $"seed {Seed}: diverged")
        : string.Create(CultureInfo.InvariantCulture, $"seed {Seed}: test {100 * TestAccuracy:F2} %");
}
