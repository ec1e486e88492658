using VptDsl.Data;

namespace VptDsl.Training.Recipes;

/// <summary>The images of a sweep.</summary>
/// <param name="Train">What trials learn from.</param>
/// <param name="Validation">What trials are judged by.</param>
/// <param name="TrainAndValidation">What final runs learn from; null for none.</param>
/// <param name="Test">What final runs are measured on; null for none.</param>
internal sealed record SweepImages(
    IImageSource Train, IImageSource Validation, IImageSource? TrainAndValidation, IImageSource? Test)
{
    /// <summary>Whether there are final runs.</summary>
    public bool Measures => Test is not null;

    /// <summary>Each of them.</summary>
    public IEnumerable<IImageSource?> All => [Train, Validation, TrainAndValidation, Test];

    /// <summary>Checks that they fit together.</summary>
    /// <exception cref="ArgumentException">There are images for final runs but none to test on, or none to train on.</exception>
    public SweepImages Checked() => (TrainAndValidation is null) == (Test is null) ? this : throw new ArgumentException(
        "Final runs need both images to train on and images to test on: give both, or neither.", nameof(Test).ToLowerInvariant());
}
