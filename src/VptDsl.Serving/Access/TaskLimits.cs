using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;

namespace VptDsl.Serving.Access;

/// <summary>What each key may ask each task, and how many requests there may be at a time.</summary>
/// <remarks>Not the middleware, which sees one task a request at most: a request may ask many.</remarks>
internal sealed class TaskLimits : IDisposable
{
    private readonly PartitionedRateLimiter<(string Key, string Task)> _images;
    private readonly ConcurrencyLimiter _requests;
    private readonly TaskServingOptions _serving;
    private readonly Lock _rights = new();

    public TaskLimits(IOptions<TaskServingOptions> options)
    {
        _serving = options.Value;
        _requests = new ConcurrencyLimiter(new() { PermitLimit = _serving.MaxConcurrentRequests });
        _images = PartitionedRateLimiter.Create<(string Key, string Task), (string Key, string Task)>(asked =>
        {
            return LimitOf(asked.Task) is not { } limit
                ? RateLimitPartition.GetNoLimiter(asked)
                : RateLimitPartition.GetTokenBucketLimiter(asked, _ => new()
                {
                    TokenLimit = limit.Burst,
                    TokensPerPeriod = limit.Images,
                    ReplenishmentPeriod = limit.Period,
                });
        });
    }

    /// <summary>A request's place, to be disposed of at its end; not acquired where there is none.</summary>
    public RateLimitLease BeginRequest() => _requests.AttemptAcquire();

    /// <summary>Takes the right to ask each of some tasks about one image now; of none, where one of them was asked too often.</summary>
    /// <returns>That one, and when to come again; null where all rights were taken.</returns>
    public (string Task, TimeSpan RetryAfter)? Ask(string key, IReadOnlyList<string> tasks)
    {
        // Of two requests at once, one must not take what the other has seen.
        lock (_rights)
        {
            foreach (string task in tasks)
            {
                if (_images.GetStatistics((key, task)) is { CurrentAvailablePermits: < 1 } && LimitOf(task) is { } limit)
                    return (task, limit.Period);
            }

            foreach (string task in tasks)
                _images.AttemptAcquire((key, task)).Dispose();
            return null;
        }
    }

    public void Dispose()
    {
        _requests.Dispose();
        _images.Dispose();
    }

    private TaskRateLimit? LimitOf(string task) =>
        _serving.TaskRateLimits.TryGetValue(task, out TaskRateLimit? own) ? own : _serving.RateLimit;
}
