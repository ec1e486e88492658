using System.Globalization;

namespace VptDsl.Training.Recipes;

/// <summary>One training of a sweep: a trial, or a final run with the best trial's settings.</summary>
/// <param name="LearningRate">For a batch of 256.</param>
/// <param name="WeightDecay">0 or more.</param>
/// <param name="Seed">Orders images and drives augmentation.</param>
/// <param name="IsFinal">Whether it trains on training and validation images together, to be measured on the test images.</param>
/// <param name="Epochs">The epoch after which a trial is compared with the others and pauses; null to train to the end.</param>
internal sealed record SweepRun(double LearningRate, double WeightDecay, int Seed, bool IsFinal = false, int? Epochs = null)
{
    /// <summary>The name of its checkpoint, from which a trial that paused goes on.</summary>
    public string Name => IsFinal
        ? string.Create(CultureInfo.InvariantCulture, $"seed-{Seed}")
        : string.Create(CultureInfo.InvariantCulture, $"{LearningRate}-{WeightDecay}");

    /// <summary>Its name in a sweep, which no other has.</summary>
    public string Key => Epochs is { } epochs ? string.Create(CultureInfo.InvariantCulture, $"{Name}@{epochs}") : Name;
}
