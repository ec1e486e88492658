using System.Collections.Immutable;
using System.Globalization;

namespace VptDsl.Training;

/// <summary>How a fit went.</summary>
public sealed record FitReport
{
    /// <summary>
    /// The device that trained, as <see cref="VptDsl.Device.Name"/> has it: on CUDA with the library that computed plain products, if any
    /// did.
    /// </summary>
    public string Device { get; init; } = "";

    /// <summary>
    /// What products and attention multiplied: what the model's kernels for tensor cores do (<see cref="PrecisionAttribute"/>), where the
    /// device has such, else <see cref="Precision.Float32"/>, as the CPU always. What a step saved for its backward pass is another matter
    /// (<see cref="Programs.ModelDescription.SavedActivations"/>).
    /// </summary>
    public Precision Precision { get; init; }

    /// <summary>Every epoch that was run, in order.</summary>
    public required ImmutableArray<EpochReport> Epochs { get; init; }

    /// <summary>
    /// The number, from 1, of the epoch with the best validation accuracy, or mean intersection over union where images have label maps, or
    /// mean average precision where they can have several classes
    /// (the earliest, if several are equal); without a validation
    /// set the last epoch.
    /// </summary>
    public required int BestEpoch { get; init; }

    /// <summary>Whether the run ended before its last epoch because <see cref="FitOptions.Patience"/> ran out.</summary>
    public required bool StoppedEarly { get; init; }

    /// <summary>The time of the whole fit, validation included, in seconds.</summary>
    public required double Seconds { get; init; }

    /// <summary>
    /// What looked wrong, in words: how images are normalised, above all, and what their folders have that was not read. Shown on the
    /// console too.
    /// </summary>
    public ImmutableArray<string> Warnings { get; init; } = [];

    /// <summary>The epoch whose number is <see cref="BestEpoch"/>.</summary>
    public EpochReport Best => Epochs[BestEpoch - 1];

    /// <summary>One line: the best epoch, and how long all took.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"best of {Epochs.Length} epochs{(StoppedEarly ? ", stopped early" : "")}: {Best}; {Seconds:F1} s in all");
}

/// <summary>How an epoch went.</summary>
public sealed record EpochReport
{
    /// <summary>The number of the epoch, from 1.</summary>
    public required int Epoch { get; init; }

    /// <summary>The mean cross-entropy of the training images, each as of the step that saw it.</summary>
    public required double TrainLoss { get; init; }

    /// <summary>
    /// The share of training images (with label maps: of their pixels; with several classes: of these) classified right, each as of the
    /// step that saw it, from 0 to 1.
    /// </summary>
    public required double TrainAccuracy { get; init; }

    /// <summary>The mean cross-entropy of the validation images after the epoch; null without a validation set.</summary>
    public double? ValidationLoss { get; init; }

    /// <summary>
    /// The share of validation images (with label maps: of their pixels) classified right after the epoch, from 0 to 1; null without a
    /// validation set.
    /// </summary>
    public double? ValidationAccuracy { get; init; }

    /// <summary>
    /// The mean intersection over union of the classes after the epoch, from 0 to 1 (see <see cref="Evaluation.MeanIoU"/>); null where
    /// images have one label each, or without a validation set.
    /// </summary>
    public double? ValidationMeanIoU { get; init; }

    /// <summary>
    /// The mean average precision of the classes after the epoch, from 0 to 1 (see <see cref="MultiLabelScores.MeanAveragePrecision"/>);
    /// null where images have one class each or label maps, where no validation image has a class, or without a validation set.
    /// </summary>
    public double? ValidationMeanAveragePrecision { get; init; }

    /// <summary>The learning rate of the epoch's last step.</summary>
    public required double LearningRate { get; init; }

    /// <summary>The time of the epoch, validation included, in seconds.</summary>
    public required double Seconds { get; init; }

    /// <summary>Training images a second, validation left out.</summary>
    public required double ImagesPerSecond { get; init; }

    /// <summary>One line: losses and accuracies, learning rate and speed.</summary>
    public override string ToString() => Describe(Epoch.ToString(CultureInfo.InvariantCulture));

    /// <summary>What the best epoch is chosen by; null without a validation set.</summary>
    internal double? Score => ValidationMeanIoU ?? ValidationMeanAveragePrecision ?? ValidationAccuracy;

    /// <summary>What <see cref="Score"/> is, in a word.</summary>
    internal string ScoreName => ValidationMeanIoU is not null ? "mIoU" : ValidationMeanAveragePrecision is not null ? "mAP" : "accuracy";

    /// <summary>The line, with the epoch's number as it shall be written.</summary>
    internal string Describe(string epoch)
    {
        string share = ValidationMeanIoU is { } meanIoU ? string.Create(CultureInfo.InvariantCulture, $" mIoU {100 * meanIoU:F1} %")
            : ValidationMeanAveragePrecision is { } precision
                ? string.Create(CultureInfo.InvariantCulture, $" mAP {100 * precision:F1} %")
                : "";
        string validation = ValidationLoss is { } loss && ValidationAccuracy is { } accuracy
            ? string.Create(CultureInfo.InvariantCulture, $", validation loss {loss:F4} accuracy {100 * accuracy:F1} %{share}")
            : "";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"epoch {epoch}: loss {TrainLoss:F4} accuracy {100 * TrainAccuracy:F1} %{validation}, rate {LearningRate:G3}, "
                + $"{ImagesPerSecond:F0} images/s");
    }
}
