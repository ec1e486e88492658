using VptDsl.MultiTask;

namespace VptDsl.Serving;

/// <summary>What is served, to whom, and how much at a time. Checked when the host starts.</summary>
public sealed class TaskServingOptions
{
    /// <summary>
    /// The folder whose files <c>NAME.safetensors</c> (<see cref="Tuner.SaveTask"/>) are the tasks; it has to be there. Files that come,
    /// change or go while it is served are tasks that do.
    /// </summary>
    public string TaskFolder { get; set; } = "";

    /// <summary>
    /// How often the folder is looked at even where the system tells of no change, as on shared drives, and how soon a file that could not
    /// be read is tried again, at first: while it stays the same, each pause is twice as long as the one before, up to a minute. 2 seconds
    /// unless stated.
    /// </summary>
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How images gather in batches, and how many may wait.</summary>
    public MultiTaskOptions Batching { get; set; } = new();

    /// <summary>The most bytes of an image file; 10 MiB unless stated. One more is answered with 413.</summary>
    public int MaxImageBytes { get; set; } = 10 << 20;

    /// <summary>
    /// The most pixels of an image, as its header claims them; 2^24, which take 64 MiB while they are read, unless stated. More are
    /// answered with 413 before any is decoded.
    /// </summary>
    public int MaxImagePixels { get; set; } = 1 << 24;

    /// <summary>
    /// The most tasks that one request asks; 64 unless stated. It asks no more than images may wait
    /// (<see cref="MultiTaskOptions.MaxWaiting"/>), whatever this says.
    /// </summary>
    public int MaxTasksPerRequest { get; set; } = 64;

    /// <summary>The most tasks that one request can ask.</summary>
    internal int TasksOfRequest => Math.Min(MaxTasksPerRequest, Batching.MaxWaiting);

    /// <summary>
    /// The most requests that are read, decoded or wait at a time, so that bodies take no more than this many times
    /// <see cref="MaxImageBytes"/>; 128 unless stated. One more is answered with 429.
    /// </summary>
    public int MaxConcurrentRequests { get; set; } = 128;

    /// <summary>Who may ask; where there are none, everybody may ask every task.</summary>
    public IList<ApiKey> ApiKeys { get; set; } = [];

    /// <summary>
    /// What each key (without keys: all callers together) may ask each task, unless <see cref="TaskRateLimits"/> says otherwise; as much as
    /// it likes where null, the default.
    /// </summary>
    public TaskRateLimit? RateLimit { get; set; }

    /// <summary>As <see cref="RateLimit"/>, for tasks by name.</summary>
    public IDictionary<string, TaskRateLimit> TaskRateLimits { get; set; } =
        new Dictionary<string, TaskRateLimit>(StringComparer.Ordinal);
}
