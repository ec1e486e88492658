using System.Globalization;
using VptDsl.Devices.Cpu;

namespace VptDsl.Training;

/// <summary>How well a model tells the classes of images that can have several.</summary>
public sealed class MultiLabelScores
{
    // Of each class, for all images and classes together may be more than a list holds.
    private readonly List<float>[] _logits;
    private readonly List<bool>[] _has;
    private readonly Lazy<double[]> _precisions;

    internal MultiLabelScores(int classes)
    {
        Classes = classes;
        _logits = [.. Enumerable.Range(0, classes).Select(_ => new List<float>())];
        _has = [.. Enumerable.Range(0, classes).Select(_ => new List<bool>())];
        _precisions = new(() => [.. Enumerable.Range(0, classes).Select(Compute)]);
    }

    /// <summary>The number of classes.</summary>
    public int Classes { get; }

    /// <summary>
    /// The mean of <see cref="AveragePrecisionOf"/> over the classes that an image has, from 0 to 1: mAP; NaN if no image has a class. It
    /// is scikit-learn's macro average, which also counts classes that no image has, with 0.
    /// </summary>
    public double MeanAveragePrecision =>
        _precisions.Value.Where(precision => !double.IsNaN(precision)).DefaultIfEmpty(double.NaN).Average();

    /// <summary>As <see cref="MeanAveragePrecision"/>; null if no image has a class.</summary>
    internal double? KnownMeanAveragePrecision => MeanAveragePrecision is var mean && double.IsNaN(mean) ? null : mean;

    /// <summary>
    /// The average precision of a class, from 0 to 1; NaN if no image has it: Σ (recall − recall before) · precision over the images from
    /// the surest on, as scikit-learn's <c>average_precision_score</c>.
    /// </summary>
    /// <param name="label">The class, in [0, <see cref="Classes"/>).</param>
    public double AveragePrecisionOf(int label)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)label, (uint)Classes, nameof(label));
        return _precisions.Value[label];
    }

    /// <summary>How many images have a class.</summary>
    /// <param name="label">The class, in [0, <see cref="Classes"/>).</param>
    public int Count(int label)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)label, (uint)Classes, nameof(label));
        return _has[label].Count(has => has);
    }

    /// <summary>One line: how many classes, and the mean average precision.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Classes} classes, mAP {100 * MeanAveragePrecision:F1} %");

    /// <summary>The mean binary cross-entropy of an image's classes, and the share of them that is told right.</summary>
    /// <remarks>A class is told where its probability is more than a half.</remarks>
    internal static (double Loss, double Correct) Compare(ReadOnlySpan<float> logits, ReadOnlySpan<int> labels)
    {
        double loss = 0;
        int correct = 0;
        for (int label = 0; label < logits.Length; label++)
        {
            loss += BinaryLosses.Loss(logits[label], labels[label]);
            correct += (logits[label] > 0) == (labels[label] != 0) ? 1 : 0;
        }

        return (loss / logits.Length, correct / (double)logits.Length);
    }

    /// <summary>Adds an image; none may be added once a result was read.</summary>
    internal void Add(ReadOnlySpan<float> logits, ReadOnlySpan<int> labels)
    {
        for (int label = 0; label < labels.Length; label++)
        {
            _logits[label].Add(logits[label]);
            _has[label].Add(labels[label] != 0);
        }
    }

    private double Compute(int label) => AveragePrecision.Of([.. _logits[label]], [.. _has[label]]);
}
