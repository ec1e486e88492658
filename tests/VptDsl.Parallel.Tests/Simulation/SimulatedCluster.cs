using VptDsl.Training;
using VptDsl.Training.Parallel;

namespace VptDsl.Parallel.Tests.Simulation;

/// <summary>
/// Workers whose computing and sending take virtual time alone, and who fail and come back as a seed decides: everything about a run by
/// many but for the numbers.
/// </summary>
internal sealed class SimulatedCluster : IWorkerSource
{
    private readonly ClusterCosts _costs;
    private readonly Random _random;
    private readonly List<(double Since, Worker Worker)> _away = [];
    private readonly int _workers;
    private double _linkFree;
    private double _roundEnd;
    private int _asked;

    /// <summary>A cluster whose workers are all there.</summary>
    public SimulatedCluster(ClusterCosts costs, int workers, int seed)
    {
        (_costs, _workers, _random) = (costs, workers, new Random(seed));
        _away.AddRange(Enumerable.Range(1, workers - 1).Select(i => (double.NegativeInfinity, new Worker(this, $"{i}"))));
    }

    /// <summary>The virtual time, in seconds.</summary>
    public double Now { get; private set; }

    /// <summary>How often a worker failed.</summary>
    public int Failures { get; private set; }

    /// <inheritdoc/>
    public void Gather(CancellationToken cancellation)
    {
    }

    /// <inheritdoc/>
    public IReadOnlyList<IShardWorker> TakeNew()
    {
        IShardWorker[] back = [.. _away.Where(entry => entry.Since + _costs.BackAfter <= Now).Select(entry => entry.Worker)];
        _away.RemoveAll(entry => entry.Since + _costs.BackAfter <= Now);
        foreach (Worker worker in back.Cast<Worker>())
            worker.Failure = Now + Draw();
        (_linkFree, _roundEnd, _asked) = (Now, Now, 0);
        return back;
    }

    /// <summary>The leader's own shards; it is asked last, and so ends the round.</summary>
    public IEnumerable<ShardResult> Compute(ShardOrder order)
    {
        Now = Math.Max(_roundEnd, Now + Seconds(order)) + (_asked * _costs.LeaderSecondsEach);
        return Results(order);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    private static ShardResult[] Results(ShardOrder order) => [.. order.Shards.Select(shard =>
    {
        var result = new ShardResult();
        result.Clear(shard);
        result.Scores.Add(new ImageScore(shard, order.Step));
        return result;
    })];

    private double Seconds(ShardOrder order) => order.Shards.Length * _costs.StepSeconds / _workers;

    /// <summary>The seconds until a worker fails.</summary>
    private double Draw() => -Math.Log(1 - _random.NextDouble()) * 3600 / _costs.FailuresPerHour;

    private Task<IReadOnlyList<ShardResult>> Ask(Worker worker, ShardOrder order)
    {
        double transfer = _costs.GradientBytes / _costs.BytesPerSecond;
        _asked++;
        _linkFree += transfer;
        double done = _linkFree + Seconds(order) + transfer;
        if (worker.Failure >= done)
        {
            _roundEnd = Math.Max(_roundEnd, done);
            return Task.FromResult<IReadOnlyList<ShardResult>>(Results(order));
        }

        Failures++;
        double failure = Math.Max(worker.Failure, Now);
        bool stalls = _random.NextDouble() < _costs.StalledShare;
        _roundEnd = Math.Max(_roundEnd, stalls ? _linkFree + _costs.StallTimeout : failure);
        _away.Add((failure, worker));
        return Task.FromException<IReadOnlyList<ShardResult>>(new IOException(stalls ? "stalled" : "dead"));
    }

    private sealed class Worker(SimulatedCluster cluster, string name) : IShardWorker
    {
        public string Name => name;

        /// <summary>When it fails, whatever it does then.</summary>
        public double Failure { get; set; }

        public Task<IReadOnlyList<ShardResult>> ComputeAsync(ShardOrder order, CancellationToken cancellation) => cluster.Ask(this, order);

        public void Tell(RunEnd end)
        {
        }

        public void Dispose()
        {
        }
    }
}
