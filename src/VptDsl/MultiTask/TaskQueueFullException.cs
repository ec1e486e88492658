using System.Globalization;

namespace VptDsl.MultiTask;

/// <summary>An image was refused since as many as may wait are waiting (<see cref="MultiTaskOptions.MaxWaiting"/>).</summary>
public sealed class TaskQueueFullException : InvalidOperationException
{
    /// <summary>Says how many wait.</summary>
    /// <param name="waiting">The images that wait.</param>
    /// <param name="retryAfter">How long it takes about until they are computed.</param>
    public TaskQueueFullException(int waiting, TimeSpan retryAfter)
        : base(string.Create(
            CultureInfo.InvariantCulture,
            $"{waiting} images are waiting, as many as may: try again in {Math.Max(1, Math.Ceiling(retryAfter.TotalSeconds)):0} s, "
            + $"or let more wait ({nameof(MultiTaskOptions)}.{nameof(MultiTaskOptions.MaxWaiting)})."))
    {
        (Waiting, RetryAfter) = (waiting, retryAfter);
    }

    /// <summary>The images that wait.</summary>
    public int Waiting { get; }

    /// <summary>How long it takes about until they are computed.</summary>
    public TimeSpan RetryAfter { get; }
}
