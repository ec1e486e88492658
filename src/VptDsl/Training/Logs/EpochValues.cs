namespace VptDsl.Training.Logs;

/// <summary>An epoch as numbers with names.</summary>
internal static class EpochValues
{
    /// <summary>Those that the epoch has.</summary>
    public static IReadOnlyList<LoggedValue> Of(EpochReport report)
    {
        (string Name, double? Value)[] values =
        [
            ("epoch", report.Epoch),
            ("train/loss", report.TrainLoss),
            ("train/accuracy", report.TrainAccuracy),
            ("train/images_per_second", report.ImagesPerSecond),
            ("validation/loss", report.ValidationLoss),
            ("validation/accuracy", report.ValidationAccuracy),
            ("validation/mean_iou", report.ValidationMeanIoU),
            ("validation/mean_average_precision", report.ValidationMeanAveragePrecision),
        ];
        return [.. values.Where(v => v.Value is not null).Select(v => new LoggedValue(v.Name, v.Value!.Value))];
    }
}
