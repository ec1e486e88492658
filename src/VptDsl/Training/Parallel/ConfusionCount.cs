namespace VptDsl.Training.Parallel;

/// <summary>How often a class was taken for another, or for itself.</summary>
internal readonly record struct ConfusionCount(int Actual, int Predicted, long Count);
