using System.Globalization;

namespace VptDsl.Training;

/// <summary>How well a model does on a set.</summary>
public sealed record Evaluation
{
    /// <summary>
    /// The share of images classified right, or of pixels where images have label maps, from 0 to 1. Where images can have several classes:
    /// the share of their labels told right at a probability of a half (torchmetrics' micro average of multilabel accuracy).
    /// </summary>
    public required double Accuracy { get; init; }

    /// <summary>
    /// The mean over the classes that occur of the share of their images, or pixels, classified right, from 0 to 1:
    /// <see cref="ConfusionMatrix.BalancedAccuracy"/>.
    /// </summary>
    /// <exception cref="InvalidOperationException">Images can have several classes.</exception>
    public double BalancedAccuracy => Confusion.BalancedAccuracy;

    /// <summary>
    /// The mean cross-entropy of the images; with label maps an image's is the mean of its pixels', with several classes that of the
    /// classes' binary cross-entropies.
    /// </summary>
    public required double MeanLoss { get; init; }

    /// <summary>The number of images.</summary>
    public required int Count { get; init; }

    /// <summary>
    /// The intersection of label and prediction as a share of their union, the mean of the classes, from 0 to 1; null where images have
    /// one label each.
    /// </summary>
    public double? MeanIoU { get; init; }

    /// <summary>Which classes were taken for which.</summary>
    /// <exception cref="InvalidOperationException">Images can have several classes: see <see cref="MultiLabel"/>.</exception>
    public required ConfusionMatrix Confusion
    {
        get => field ?? throw new InvalidOperationException(
            $"Where images can have several classes none is taken for another: read {nameof(Evaluation)}.{nameof(MultiLabel)}.");
        init;
    }

    /// <summary>How well each class is told where images can have several; null where they have one, or label maps.</summary>
    public MultiLabelScores? MultiLabel { get; init; }

    /// <summary>What models are compared by, as <see cref="EpochReport.Score"/>.</summary>
    internal double Score => MeanIoU ?? MultiLabel?.KnownMeanAveragePrecision ?? Accuracy;

    /// <summary>Where each image's class stood among the classes; null where images have label maps.</summary>
    internal LabelRanks? Ranks { get; init; }

    /// <summary>
    /// The share of images whose class is among the most probable ones, from 0 to 1; null where that was not measured, as where images have
    /// label maps or several classes.
    /// </summary>
    /// <param name="k">How many classes count, 1 or more; for 1 it is <see cref="Accuracy"/>, for all classes 1.</param>
    /// <remarks>
    /// scikit-learn's <c>top_k_accuracy_score</c> and torchmetrics' <c>top_k</c>. Of equally probable classes the lower come first, as they
    /// do for <see cref="Accuracy"/>; scikit-learn takes the higher.
    /// </remarks>
    public double? TopAccuracy(int k)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(k, 1);
        return Ranks?.ShareWithin(k);
    }

    /// <summary>One line: accuracy, mean loss, and the mean intersection over union or average precision where there is one.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"accuracy {100 * Accuracy:F1} % of {Count} images, mean loss {MeanLoss:F4}")
        + (MeanIoU is { } share ? string.Create(CultureInfo.InvariantCulture, $", mIoU {100 * share:F1} %") : "")
        + (MultiLabel is { } labels
            ? string.Create(CultureInfo.InvariantCulture, $", mAP {100 * labels.MeanAveragePrecision:F1} %")
            : "");
}
