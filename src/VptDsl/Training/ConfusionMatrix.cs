using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace VptDsl.Training;

/// <summary>Counts how often images of a class, or pixels of it, were taken for each class.</summary>
public sealed class ConfusionMatrix
{
    /// <summary>More columns than these fit no screen.</summary>
    private const int ShownClasses = 20;

    /// <summary>The most classes whose pairs all have a place: 8 MiB. Of more, only the pairs that occur do.</summary>
    private const int MostDense = 1024;

    private readonly long[] _dense;
    private readonly Dictionary<(int Actual, int Predicted), long> _sparse = [];
    private readonly long[] _ofClass;
    private readonly long[] _takenForClass;
    private readonly long[] _right;

    internal ConfusionMatrix(int classes)
    {
        Classes = classes;
        _dense = new long[classes <= MostDense ? classes * classes : 0];
        _ofClass = new long[classes];
        _takenForClass = new long[classes];
        _right = new long[classes];
    }

    /// <summary>The number of classes.</summary>
    public int Classes { get; }

    /// <summary>The share that was classified right, from 0 to 1; NaN if nothing was counted.</summary>
    public double Accuracy => _right.Sum() / (double)_ofClass.Sum();

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

    /// <summary>
    /// The mean of <see cref="Recall"/> over the classes that occur, from 0 to 1, so that rare classes count as frequent ones do; NaN if
    /// nothing was counted. It is scikit-learn's <c>balanced_accuracy_score</c> and torchmetrics' macro average of accuracy.
    /// </summary>
    public double BalancedAccuracy =>
        Enumerable.Range(0, Classes).Where(label => _ofClass[label] > 0).Select(Recall).DefaultIfEmpty(double.NaN).Average();

    /// <summary>How many images or pixels of a class were taken for a class.</summary>
    /// <param name="actual">The class they are of, in [0, <see cref="Classes"/>).</param>
    /// <param name="predicted">The class they were taken for, in [0, <see cref="Classes"/>).</param>
    public long this[int actual, int predicted]
    {
        get
        {
            Check(actual, nameof(actual));
            Check(predicted, nameof(predicted));
            return _dense.Length > 0 ? _dense[(actual * Classes) + predicted] : _sparse.GetValueOrDefault((actual, predicted));
        }
    }

    /// <summary>How many images or pixels of a class there were.</summary>
    /// <param name="actual">The class, in [0, <see cref="Classes"/>).</param>
    public long Count(int actual)
    {
        Check(actual, nameof(actual));
        return _ofClass[actual];
    }

    /// <summary>
    /// The share of a class's images or pixels that were classified right, from 0 to 1: the class's accuracy; NaN if there were none.
    /// </summary>
    /// <param name="actual">The class, in [0, <see cref="Classes"/>).</param>
    public double Recall(int actual)
    {
        Check(actual, nameof(actual));
        return _right[actual] / (double)_ofClass[actual];
    }

    /// <summary>The share of what was taken for a class that is of it, from 0 to 1; NaN if nothing was taken for it.</summary>
    /// <param name="predicted">The class, in [0, <see cref="Classes"/>).</param>
    public double Precision(int predicted)
    {
        Check(predicted, nameof(predicted));
        return _right[predicted] / (double)_takenForClass[predicted];
    }

    /// <summary>The classes that were taken for others, the most frequent pairs first and of equal ones the lower classes.</summary>
    /// <param name="most">How many pairs at most.</param>
    public IReadOnlyList<ConfusedPair> MostConfused(int most)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(most);
        return
        [
            .. Counted().Where(pair => pair.Actual != pair.Predicted)
                .OrderByDescending(pair => pair.Count).ThenBy(pair => pair.Actual).ThenBy(pair => pair.Predicted)
                .Take(most),
        ];
    }

    /// <summary>
    /// Those of a class that were taken for it, as a share of those that are of it or were taken for it: from 0 to 1; NaN if there were
    /// none.
    /// </summary>
    /// <param name="label">The class, in [0, <see cref="Classes"/>).</param>
    public double IntersectionOverUnion(int label)
    {
        Check(label, nameof(label));
        return _right[label] / (double)(_ofClass[label] + _takenForClass[label] - _right[label]);
    }

    /// <summary>
    /// A table, a row for each actual and a column for each predicted class; of more than 20 classes what was right and how many there
    /// were.
    /// </summary>
    public override string ToString()
    {
        if (Classes > ShownClasses)
            return string.Create(CultureInfo.InvariantCulture, $"{Classes} classes, {_right.Sum()} of {_ofClass.Sum()} right");

        const string Corner = "actual";
        int width = Math.Max(_dense.Max(), Classes - 1).ToString(CultureInfo.InvariantCulture).Length + 1;
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

    /// <summary>Every pair of classes that occurs, in no order.</summary>
    internal IEnumerable<ConfusedPair> Counted() => _dense.Length > 0
        ? Enumerable.Range(0, _dense.Length)
            .Where(place => _dense[place] > 0)
            .Select(place => new ConfusedPair(place / Classes, place % Classes, _dense[place]))
        : _sparse.Select(entry => new ConfusedPair(entry.Key.Actual, entry.Key.Predicted, entry.Value));

    internal void Add(int actual, int predicted, long count = 1)
    {
        Check(actual, nameof(actual));
        Check(predicted, nameof(predicted));
        if (_dense.Length > 0)
            _dense[(actual * Classes) + predicted] += count;
        else
            CollectionsMarshal.GetValueRefOrAddDefault(_sparse, (actual, predicted), out _) += count;
        _ofClass[actual] += count;
        _takenForClass[predicted] += count;
        if (actual == predicted)
            _right[actual] += count;
    }

    private void Check(int label, string name) =>
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)label, (uint)Classes, name);
}
