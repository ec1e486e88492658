using System.Globalization;

namespace VptDsl.Training;

/// <summary>How often a class was taken for a class.</summary>
/// <param name="Actual">The class that the images or pixels are of.</param>
/// <param name="Predicted">The class that they were taken for.</param>
/// <param name="Count">How many they are.</param>
public readonly record struct ConfusedPair(int Actual, int Predicted, long Count)
{
    /// <summary>Both classes and their number.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Actual} taken for {Predicted}: {Count}");
}
