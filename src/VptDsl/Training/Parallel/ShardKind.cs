namespace VptDsl.Training.Parallel;

/// <summary>What is done with shards.</summary>
internal enum ShardKind : byte
{
    /// <summary>They are pieces of a training step, whose gradients are wanted.</summary>
    Train,

    /// <summary>They are batches of the validation set, which are measured.</summary>
    Measure,
}
