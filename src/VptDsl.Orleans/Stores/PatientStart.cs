using System.Diagnostics;
using Npgsql;

namespace VptDsl.Orleans.Stores;

/// <summary>
/// Lets a client begin although its store is slow to answer, as one on a busy machine is. One that refuses is an error at once.
/// </summary>
/// <param name="patience">How long it is asked again.</param>
internal sealed class PatientStart(TimeSpan patience) : IClientConnectionRetryFilter
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(0.5);

    private readonly long _start = Stopwatch.GetTimestamp();

    /// <inheritdoc/>
    public async Task<bool> ShouldRetryConnectionAttempt(Exception exception, CancellationToken cancellationToken)
    {
        if (exception is not (TimeoutException or NpgsqlException { InnerException: TimeoutException })
            || Stopwatch.GetElapsedTime(_start) > patience)
        {
            return false;
        }

        await Task.Delay(Pause, cancellationToken);
        return true;
    }
}
