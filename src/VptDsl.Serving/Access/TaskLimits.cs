using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;

namespace VptDsl.Serving.Access;

/// <summary>What each key may ask each task, and how many requests there may be at a time.</summary>
/// <remarks>Not the middleware, which sees one task a request at most: a request may ask many.</remarks>
internal sealed class TaskLimits : IDisposable
{
    private readonly PartitionedRateLimiter<(string Key, string Task)> _images;
    private readonly ConcurrencyLimiter _requests;

    public TaskLimits(IOptions<TaskServingOptions> options)
    {
        TaskServingOptions serving = options.Value;
        _requests = new ConcurrencyLimiter(new() { PermitLimit = serving.MaxConcurrentRequests });
        _images = PartitionedRateLimiter.Create<(string Key, string Task), (string Key, string Task)>(asked =>
        {
            TaskRateLimit? limit = serving.TaskRateLimits.TryGetValue(asked.Task, out TaskRateLimit? own) ? own : serving.RateLimit;
            return limit is null
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

    /// <summary>The right to ask a task about one image now; not acquired where it was asked too often.</summary>
    public RateLimitLease Ask(string key, string task) => _images.AttemptAcquire((key, task));

    public void Dispose()
    {
        _requests.Dispose();
        _images.Dispose();
    }
}
