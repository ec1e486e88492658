using System.Diagnostics;
using VptDsl.Programs;

namespace VptDsl.Training.Parallel;

/// <summary>
/// The workers of a run, its leader among them. Shards are dealt out; of a worker that dies or stalls, the others compute them. A shard's
/// result does not depend on who computes it, and results are handed on in the order of the shards: so the run's bits depend on the shards
/// and not on the workers.
/// </summary>
/// <param name="program">The leader's program.</param>
/// <param name="compute">Computes the leader's own shards, one after the other, with the values that the program has.</param>
/// <param name="source">Where the others come from.</param>
/// <param name="warn">Is told who comes and goes.</param>
/// <param name="cancellation">Ends the waiting for workers.</param>
internal sealed class Crew(
    ModelProgram program, Func<ShardOrder, IEnumerable<ShardResult>> compute, IWorkerSource source, Action<string> warn,
    CancellationToken cancellation) : IDisposable
{
    // Enough that waiting for each other at a round's end costs little, and few enough that a worker's loss does.
    private const int BatchesEachRound = 4;

    private readonly List<IShardWorker> _others = [];
    private readonly ModelValues _values = new(program.Model);
    private long _round;

    /// <summary>Waits for the workers that are expected.</summary>
    public void Gather() => source.Gather(cancellation);

    /// <summary>Computes a step's shards.</summary>
    /// <param name="epoch">The epoch, from 0.</param>
    /// <param name="step">The step of the epoch, from 0.</param>
    /// <param name="shards">How many there are.</param>
    /// <returns>Their results in their order, which stay until the next call.</returns>
    public IReadOnlyList<ShardResult> Train(int epoch, int step, int shards)
    {
        TakeValues();
        return Compute(new ShardOrder(++_round, ShardKind.Train, epoch, step, [.. Enumerable.Range(0, shards)], _values));
    }

    /// <summary>Measures the leader's model on the validation set.</summary>
    /// <param name="batches">The batches that the set is measured in.</param>
    /// <param name="confusion">Counts which class was taken for which, where images have label maps.</param>
    public RunningMean Measure(int batches, ConfusionMatrix? confusion)
    {
        TakeValues();
        var mean = default(RunningMean);
        for (int first = 0; first < batches;)
        {
            int round = Math.Min(batches - first, BatchesEachRound * (_others.Count + 1));
            var order = new ShardOrder(++_round, ShardKind.Measure, 0, 0, [.. Enumerable.Range(first, round)], _values);
            foreach (ShardResult result in Compute(order))
            {
                foreach (ImageScore score in result.Scores)
                    mean.Add(score);
                foreach (ConfusedPair count in result.Confusion)
                    confusion?.Add(count.Actual, count.Predicted, count.Count);
            }

            first += round;
        }

        return mean;
    }

    /// <summary>Tells all workers that the run is over.</summary>
    public void End(RunEnd end)
    {
        if (end.Error is null)
            TakeValues();
        Admit();
        foreach (IShardWorker worker in _others)
            worker.Tell(end with { Values = _values });
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        source.Dispose();
        _others.ForEach(worker => worker.Dispose());
    }

    private void TakeValues()
    {
        _values.ReadFrom(program);
        _values.Number++;
    }

    private ShardResult[] Compute(ShardOrder order)
    {
        var results = new Dictionary<int, ShardResult>();
        while (results.Count < order.Shards.Length)
        {
            Admit();
            int[] open = [.. order.Shards.Where(shard => !results.ContainsKey(shard))];
            ComputeOnce(order, open, results);
        }

        return [.. order.Shards.Select(shard => results[shard])];
    }

    /// <summary>Deals shards out once. Those of a worker that is lost meanwhile stay open.</summary>
    private void ComputeOnce(ShardOrder order, int[] open, Dictionary<int, ShardResult> results)
    {
        int hands = _others.Count + 1;
        ShardOrder[] orders = [.. Enumerable.Range(0, hands).Select(hand => order with { Shards = Deal(open, hands, hand) })];
        (IShardWorker Worker, Task<IReadOnlyList<ShardResult>> Task)[] others =
        [
            .. _others.Zip(orders.Skip(1))
                .Where(pair => pair.Second.Shards.Length > 0)
                .Select(pair => (pair.First, pair.First.ComputeAsync(pair.Second, cancellation))),
        ];
        try
        {
            foreach (ShardResult result in compute(orders[0]))
                results[result.Shard] = result;
        }
        finally
        {
            // They read the values, which change after this.
            Task.WhenAll(others.Select(other => other.Task)).ContinueWith(_ => { }, TaskScheduler.Default).Wait(CancellationToken.None);
        }

        cancellation.ThrowIfCancellationRequested();
        foreach ((IShardWorker worker, Task<IReadOnlyList<ShardResult>> task) in others)
        {
            if (task.IsCompletedSuccessfully)
            {
                foreach (ShardResult result in task.Result)
                    results[result.Shard] = result;
            }
            else
            {
                Lose(worker, task.Exception?.InnerException);
            }
        }
    }

    /// <summary>Every so manieth of the shards, from one on.</summary>
    private static int[] Deal(int[] shards, int hands, int hand)
    {
        int[] dealt = new int[(shards.Length - hand + hands - 1) / hands];
        for (int i = 0; i < dealt.Length; i++)
            dealt[i] = shards[hand + (i * hands)];
        return dealt;
    }

    private void Lose(IShardWorker worker, Exception? reason)
    {
        Debug.Assert(reason is not null, "Only cancelled tasks have no exception, and workers say themselves that they stalled.");
        _others.Remove(worker);
        worker.Dispose();
        warn($"Worker {worker.Name} is lost ({reason?.Message.TrimEnd('.')}). The others compute its part.");
    }

    private void Admit() => _others.AddRange(source.TakeNew());
}
