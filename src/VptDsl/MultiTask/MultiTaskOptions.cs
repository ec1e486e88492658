using System.Globalization;

namespace VptDsl.MultiTask;

/// <summary>How many images a <see cref="MultiTaskModel"/> computes at a time, and how much it keeps.</summary>
/// <remarks>
/// Can be set, for generated code that binds configuration sets nothing else; a model takes them as they are when it is made.
/// </remarks>
public sealed record MultiTaskOptions
{
    /// <summary>The most images of a batch, at least 1; 16 unless stated.</summary>
    public int MaxBatch { get; set; } = 16;

    /// <summary>
    /// How long the first image of a batch waits for others, while the device is free; not at all unless stated. While the device computes,
    /// images gather anyway.
    /// </summary>
    public TimeSpan BatchDelay { get; set; } = TimeSpan.Zero;

    /// <summary>
    /// The most images that wait, at least 1; 256 unless stated. One more is refused (<see cref="TaskQueueFullException"/>).
    /// </summary>
    public int MaxWaiting { get; set; } = 256;

    /// <summary>
    /// Bytes that all tasks together may take on the device, beside those of a batch under way; 1 GiB unless stated. Those that were not
    /// used for the longest leave, and come back from their files when they are asked for.
    /// </summary>
    public long TaskMemoryBytes { get; set; } = 1L << 30;

    /// <summary>
    /// Called after each batch of images that waited, before they are answered, on the thread that computes; nobody unless stated. What it
    /// throws is what the batch's callers get.
    /// </summary>
    public Action<BatchReport>? BatchCompleted { get; set; }

    /// <summary>The options in words.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"batches of at most {MaxBatch} after {BatchDelay.TotalMilliseconds:0.###} ms, at most {MaxWaiting} waiting, "
            + $"{TaskMemoryBytes:N0} bytes of tasks");

    /// <summary>Requires that the options make sense.</summary>
    /// <exception cref="ArgumentOutOfRangeException">One does not.</exception>
    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxBatch, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxWaiting, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(TaskMemoryBytes);
        ArgumentOutOfRangeException.ThrowIfNegative(BatchDelay.Ticks, nameof(BatchDelay));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(BatchDelay, TimeSpan.FromMinutes(1));
    }
}
