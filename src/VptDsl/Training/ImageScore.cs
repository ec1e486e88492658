namespace VptDsl.Training;

/// <summary>How a model did on an image.</summary>
/// <param name="Loss">The loss.</param>
/// <param name="Correct">
/// 1 if it was classified right and 0 if not; of one with a label map, which share of its pixels, NaN if none counts.
/// </param>
internal readonly record struct ImageScore(double Loss, double Correct);
