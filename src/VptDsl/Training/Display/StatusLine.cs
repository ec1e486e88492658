using System.Globalization;

namespace VptDsl.Training.Display;

/// <summary>One line that says where a fit stands: as much of it as a terminal has room for.</summary>
internal sealed class StatusLine
{
    private const int Gap = 2, ShortestBar = 8, LongestBar = 40;

    private FitStatus? _status;
    private EpochReport? _report;

    /// <summary>Takes note of a step.</summary>
    public void StepEnded(in FitStatus status) => _status = status;

    /// <summary>Takes note of an epoch's validation.</summary>
    public void EpochEnded(EpochReport report) => _report = report;

    /// <summary>The line.</summary>
    /// <param name="width">The most characters it may have.</param>
    /// <param name="epochs">The number of epochs.</param>
    /// <param name="done">The share of the fit that is done, from 0 to 1.</param>
    /// <param name="left">The time that it will take still, if that is known.</param>
    /// <returns>How long a bar there is room for before the text, 0 for none; and the text.</returns>
    public (int Bar, string Text) Arrange(int width, int epochs, double done, TimeSpan? left)
    {
        List<(int Rank, string Text)> parts = Parts(epochs, done, left);
        while (parts.Count > 1 && Length(parts) > width)
            parts.Remove(parts.MaxBy(part => part.Rank));
        int room = width - Length(parts) - Gap;
        return (room < ShortestBar ? 0 : Math.Min(room, LongestBar), string.Join("  ", parts.Select(part => part.Text)));
    }

    private static int Length(List<(int Rank, string Text)> parts) => parts.Sum(part => part.Text.Length + Gap) - Gap;

    /// <summary>The parts in their order. What has the highest rank is left out first.</summary>
    private List<(int Rank, string Text)> Parts(int epochs, double done, TimeSpan? left)
    {
        var parts = new List<(int, string)> { (0, Text($"{100 * done,3:F0} %")) };
        if (_status is { } status)
        {
            parts.Add((1, Text($"epoch {status.Epoch}/{epochs}")));
            parts.Add((2, Text($"loss {status.Loss:F4}")));
            parts.Add((5, Text($"accuracy {100 * status.Accuracy:F1} %")));
        }

        if (_report?.ValidationMeanIoU is { } share)
            parts.Add((3, Text($"validation mIoU {100 * share:F1} %")));
        else if (_report?.ValidationMeanAveragePrecision is { } precision)
            parts.Add((3, Text($"validation mAP {100 * precision:F1} %")));
        else if (_report?.ValidationAccuracy is { } accuracy)
            parts.Add((3, Text($"validation {100 * accuracy:F1} %")));
        if (_status is { } speed)
            parts.Add((6, Text($"{speed.ImagesPerSecond:F0} images/s")));
        if (left is { } time)
            parts.Add((4, Text($"{(long)time.TotalHours}:{time:mm\\:ss} left")));
        return parts;
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
