namespace VptDsl.Training.Parallel;

/// <summary>Who computes shards for a run that another leads. For one thread at a time.</summary>
internal interface IShardWorker : IDisposable
{
    /// <summary>What it is called in messages.</summary>
    public string Name { get; }

    /// <summary>Lets it compute shards. Whatever this throws, the worker is lost to the run.</summary>
    /// <param name="order">Which; none of its values are changed until the task has ended.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <returns>Results in the order of the shards, which stay until the next round.</returns>
    public Task<IReadOnlyList<ShardResult>> ComputeAsync(ShardOrder order, CancellationToken cancellation);

    /// <summary>Tells it that the run is over, as far as it can be reached.</summary>
    public void Tell(RunEnd end);
}
