using VptDsl.Data;
using VptDsl.Training.Recipes;

namespace VptDsl.Orleans;

/// <summary>What a sweep trains, and on which images.</summary>
/// <param name="create">A fresh tuner for each run from a seed; it is disposed of.</param>
/// <param name="train">What trials learn from.</param>
/// <param name="validation">What trials are judged by.</param>
/// <param name="trainAndValidation">What final runs learn from; left out, there are none.</param>
/// <param name="test">What final runs are measured on; given with <paramref name="trainAndValidation"/>.</param>
public sealed class SweepWork(
    Func<int, Tuner> create, IImageSource train, IImageSource validation, IImageSource? trainAndValidation = null,
    IImageSource? test = null)
{
    /// <summary>A fresh tuner from a seed.</summary>
    public Func<int, Tuner> Create { get; } = create ?? throw new ArgumentNullException(nameof(create));

    internal SweepImages Images { get; } = new SweepImages(
        train ?? throw new ArgumentNullException(nameof(train)), validation ?? throw new ArgumentNullException(nameof(validation)),
        trainAndValidation, test).Checked();

    /// <summary>How many images there are to learn from and to be judged by.</summary>
    public override string ToString() =>
        FormattableString.Invariant($"{Images.Train.Count} + {Images.Validation.Count} images, {Images.Test?.Count ?? 0} to test on");
}
