namespace VptDsl.Training;

/// <summary>How well a model does on a set.</summary>
public sealed record Evaluation
{
    /// <summary>The share of images classified right, from 0 to 1.</summary>
    public required double Accuracy { get; init; }

    /// <summary>The mean cross-entropy.</summary>
    public required double MeanLoss { get; init; }

    /// <summary>The number of images.</summary>
    public required int Count { get; init; }

    /// <summary>Which classes were taken for which.</summary>
    public required ConfusionMatrix Confusion { get; init; }
}

/// <summary>Counts how often images of a class were taken for each class.</summary>
public sealed class ConfusionMatrix
{
    private readonly int[] _counts;

    internal ConfusionMatrix(int classes)
    {
        Classes = classes;
        _counts = new int[classes * classes];
    }

    /// <summary>The number of classes.</summary>
    public int Classes { get; }

    /// <summary>How many images of a class were taken for a class.</summary>
    /// <param name="actual">The class they are of, in [0, <see cref="Classes"/>).</param>
    /// <param name="predicted">The class they were taken for, in [0, <see cref="Classes"/>).</param>
    public int this[int actual, int predicted] => _counts[Index(actual, predicted)];

    /// <summary>The share of a class's images that were classified right, from 0 to 1; NaN if there were none.</summary>
    /// <param name="actual">The class, in [0, <see cref="Classes"/>).</param>
    public double Recall(int actual)
    {
        int all = 0;
        for (int predicted = 0; predicted < Classes; predicted++)
            all += this[actual, predicted];
        return this[actual, actual] / (double)all;
    }

    internal void Add(int actual, int predicted) => _counts[Index(actual, predicted)]++;

    private int Index(int actual, int predicted)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)actual, (uint)Classes, nameof(actual));
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)predicted, (uint)Classes, nameof(predicted));
        return (actual * Classes) + predicted;
    }
}
