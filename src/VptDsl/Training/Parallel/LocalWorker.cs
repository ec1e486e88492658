using VptDsl.Programs;

namespace VptDsl.Training.Parallel;

/// <summary>A tuner of this process that computes shards, on a thread of its own.</summary>
internal sealed class LocalWorker : IShardWorker
{
    private readonly Tuner _tuner;
    private readonly RunTerms _terms;
    private readonly ModelAccess.Use _use;
    private ShardComputation? _computation;

    /// <summary>Takes a tuner for a run.</summary>
    /// <exception cref="InvalidOperationException">It is in use.</exception>
    public LocalWorker(Tuner tuner, RunTerms terms)
    {
        _tuner = tuner;
        _terms = terms with { Program = tuner.Compiled };
        _use = tuner.Access.Fit(nameof(Tuner.Fit));
    }

    /// <inheritdoc/>
    public string Name => _tuner.Device.Name;

    /// <inheritdoc/>
    public Task<IReadOnlyList<ShardResult>> ComputeAsync(ShardOrder order, CancellationToken cancellation) =>
        Task.Factory.StartNew(() => Compute(order), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    /// <inheritdoc/>
    public void Tell(RunEnd end)
    {
        if (end.Error is null)
            end.Values?.WriteTo(_terms.Program);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _computation?.Dispose();
        _use.Dispose();
    }

    private IReadOnlyList<ShardResult> Compute(ShardOrder order)
    {
        // Not before the first order, which comes when the tuner has been told the task's classes.
        _computation ??= new ShardComputation(_terms, _tuner.Access.Disposal);
        return [.. _computation.Compute(order)];
    }
}
