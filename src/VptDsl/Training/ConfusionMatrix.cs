using System.Globalization;
using System.Text;

namespace VptDsl.Training;

/// <summary>Counts how often images of a class, or pixels of it, were taken for each class.</summary>
public sealed class ConfusionMatrix
{
    /// <summary>More columns than these fit no screen.</summary>
    private const int ShownClasses = 20;

    private readonly long[] _counts;

    internal ConfusionMatrix(int classes)
    {
        Classes = classes;
        _counts = new long[classes * classes];
    }

    /// <summary>The number of classes.</summary>
    public int Classes { get; }

    /// <summary>The share that was classified right, from 0 to 1; NaN if nothing was counted.</summary>
    public double Accuracy
    {
        get
        {
            long right = 0;
            for (int label = 0; label < Classes; label++)
                right += this[label, label];
            return right / (double)_counts.Sum();
        }
    }

    /// <summary>
    /// The mean of <see cref="IntersectionOverUnion"/> over the classes that occur, as label or as prediction: mIoU, from 0 to 1; NaN if
    /// nothing was counted.
    /// </summary>
    public double MeanIntersectionOverUnion
    {
        get
        {
            double sum = 0;
            int occurring = 0;
            for (int label = 0; label < Classes; label++)
            {
                if (IntersectionOverUnion(label) is var share && !double.IsNaN(share))
                    (sum, occurring) = (sum + share, occurring + 1);
            }

            return sum / occurring;
        }
    }

    /// <summary>How many images or pixels of a class were taken for a class.</summary>
    /// <param name="actual">The class they are of, in [0, <see cref="Classes"/>).</param>
    /// <param name="predicted">The class they were taken for, in [0, <see cref="Classes"/>).</param>
    public long this[int actual, int predicted] => _counts[Index(actual, predicted)];

    /// <summary>The share of a class's images or pixels that were classified right, from 0 to 1; NaN if there were none.</summary>
    /// <param name="actual">The class, in [0, <see cref="Classes"/>).</param>
    public double Recall(int actual)
    {
        long all = 0;
        for (int predicted = 0; predicted < Classes; predicted++)
            all += this[actual, predicted];
        return this[actual, actual] / (double)all;
    }

    /// <summary>
    /// Those of a class that were taken for it, as a share of those that are of it or were taken for it: from 0 to 1; NaN if there were
    /// none.
    /// </summary>
    /// <param name="label">The class, in [0, <see cref="Classes"/>).</param>
    public double IntersectionOverUnion(int label)
    {
        long union = -this[label, label];
        for (int other = 0; other < Classes; other++)
            union += this[label, other] + this[other, label];
        return this[label, label] / (double)union;
    }

    /// <summary>
    /// A table, a row for each actual and a column for each predicted class; of more than 20 classes what was right and how many there
    /// were.
    /// </summary>
    public override string ToString()
    {
        if (Classes > ShownClasses)
        {
            long right = Enumerable.Range(0, Classes).Sum(label => this[label, label]);
            return string.Create(CultureInfo.InvariantCulture, $"{Classes} classes, {right} of {_counts.Sum()} right");
        }

        const string Corner = "actual";
        int width = Math.Max(_counts.Max(), Classes - 1).ToString(CultureInfo.InvariantCulture).Length + 1;
        var text = new StringBuilder(Corner);
        for (int predicted = 0; predicted < Classes; predicted++)
            text.Append(predicted.ToString(CultureInfo.InvariantCulture).PadLeft(width));
        for (int actual = 0; actual < Classes; actual++)
        {
            text.Append('\n').Append(actual.ToString(CultureInfo.InvariantCulture).PadLeft(Corner.Length));
            for (int predicted = 0; predicted < Classes; predicted++)
                text.Append(this[actual, predicted].ToString(CultureInfo.InvariantCulture).PadLeft(width));
        }

        return text.ToString();
    }

    internal void Add(int actual, int predicted) => _counts[Index(actual, predicted)]++;

    private int Index(int actual, int predicted)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)actual, (uint)Classes, nameof(actual));
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)predicted, (uint)Classes, nameof(predicted));
        return (actual * Classes) + predicted;
    }
}
