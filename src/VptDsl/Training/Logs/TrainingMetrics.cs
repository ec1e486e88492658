using System.Diagnostics.Metrics;

namespace VptDsl.Training.Logs;

/// <summary>What training tells those who listen to .NET's metrics; nothing is computed where nobody does.</summary>
internal static class TrainingMetrics
{
    /// <summary>The name to listen to.</summary>
    public const string MeterName = "VptDsl.Training";

    private static readonly Meter Meter = new(MeterName);
    private static readonly Counter<long> Images = Meter.CreateCounter<long>("vptdsl.training.images", "{image}", "Images trained on.");
    private static readonly Histogram<double> Losses = Meter.CreateHistogram<double>(
        "vptdsl.training.loss", description: "The mean loss of a step's images.");
    private static readonly Histogram<double> Epochs = Meter.CreateHistogram<double>(
        "vptdsl.training.epoch.duration", "s", "The time of an epoch, validation included.");
    private static readonly Histogram<double> Accuracies = Meter.CreateHistogram<double>(
        "vptdsl.training.validation.accuracy", description: "The share of validation images or pixels that are classified right.");

    /// <summary>A step has ended.</summary>
    public static void Step(string model, int images, double loss)
    {
        if (Images.Enabled)
            Images.Add(images, Tag(model));
        if (Losses.Enabled)
            Losses.Record(loss, Tag(model));
    }

    /// <summary>An epoch has ended.</summary>
    public static void Epoch(string model, EpochReport report)
    {
        if (Epochs.Enabled)
            Epochs.Record(report.Seconds, Tag(model));
        if (Accuracies.Enabled && report.ValidationAccuracy is { } accuracy)
            Accuracies.Record(accuracy, Tag(model));
    }

    private static KeyValuePair<string, object?> Tag(string model) => new("vptdsl.model", model);
}
