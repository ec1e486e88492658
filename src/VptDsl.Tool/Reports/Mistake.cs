namespace VptDsl.Tool.Reports;

/// <summary>An image that was taken for another class.</summary>
/// <param name="Index">Its index in the set.</param>
/// <param name="Actual">Its class.</param>
/// <param name="Predicted">The class that it was taken for.</param>
/// <param name="Probability">That class's probability.</param>
/// <param name="ActualProbability">Its own class's probability.</param>
internal sealed record Mistake(int Index, int Actual, int Predicted, float Probability, float ActualProbability);
