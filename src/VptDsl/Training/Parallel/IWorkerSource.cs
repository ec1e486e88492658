namespace VptDsl.Training.Parallel;

/// <summary>Where a run's workers come from.</summary>
internal interface IWorkerSource : IDisposable
{
    /// <summary>Waits for those who are expected, for as long as that is allowed to take.</summary>
    public void Gather(CancellationToken cancellation);

    /// <summary>Those who have come since the last call.</summary>
    public IReadOnlyList<IShardWorker> TakeNew();
}
