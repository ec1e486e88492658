namespace VptDsl.Training.Parallel;

/// <summary>
/// Who computes a fit together: each step's batch is cut into shards, which are dealt out, and their gradients are added in the order of
/// the shards. <see cref="LocalWorkers"/> are devices of this process; <see cref="LeadingWorkers"/> and <see cref="JoiningWorkers"/> are
/// processes.
/// </summary>
/// <remarks>
/// <para>
/// A shard is what <see cref="FitOptions.MicroBatchSize"/> says; left out, a batch has one shard for each worker. The result has the bits
/// of one worker with that <see cref="FitOptions.MicroBatchSize"/>, whoever computes which shard and whoever is lost on the way. Batch
/// normalisation is the exception: each shard moves the running statistics of the step's beginning, and the mean of the moved ones is kept,
/// while one worker moves them shard by shard. A group without other workers does as groups do.
/// </para>
/// <para>One fit at a time; a group may be used for one fit after the other.</para>
/// </remarks>
public abstract class WorkerGroup : IDisposable
{
    private protected WorkerGroup()
    {
    }

    /// <summary>The workers that the group is made for, this one among them; null where its leader knows.</summary>
    internal abstract int? Size { get; }

    /// <summary>Whom the group is made of.</summary>
    public abstract override string ToString();

    /// <inheritdoc/>
    public virtual void Dispose() => GC.SuppressFinalize(this);

    /// <summary>The images of a shard, where no option says it.</summary>
    /// <param name="batch">Images of a step.</param>
    /// <param name="inPairs">Whether it must be an even number.</param>
    internal int? ShardOf(int batch, bool inPairs)
    {
        if (Size is not { } size || size == 1)
            return null;
        int shard = (int)(((long)batch + size - 1) / size);
        return inPairs ? shard + (shard % 2) : shard;
    }

    /// <summary>Opens the group for a run that this process leads.</summary>
    internal abstract IWorkerSource Open(RunTerms terms);
}
