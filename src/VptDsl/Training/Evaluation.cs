using System.Globalization;

namespace VptDsl.Training;

/// <summary>How well a model does on a set.</summary>
public sealed record Evaluation
{
    /// <summary>The share of images classified right, or of pixels where images have label maps, from 0 to 1.</summary>
    public required double Accuracy { get; init; }

    /// <summary>The mean cross-entropy of the images; with label maps an image's is the mean of its pixels'.</summary>
    public required double MeanLoss { get; init; }

    /// <summary>The number of images.</summary>
    public required int Count { get; init; }

    /// <summary>
    /// The intersection of label and prediction as a share of their union, the mean of the classes, from 0 to 1; null where images have
    /// one label each.
    /// </summary>
    public double? MeanIoU { get; init; }

    /// <summary>Which classes were taken for which.</summary>
    public required ConfusionMatrix Confusion { get; init; }

    /// <summary>One line: accuracy, mean loss, and the mean intersection over union where there is one.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"accuracy {100 * Accuracy:F1} % of {Count} images, mean loss {MeanLoss:F4}")
        + (MeanIoU is { } share ? string.Create(CultureInfo.InvariantCulture, $", mIoU {100 * share:F1} %") : "");
}
