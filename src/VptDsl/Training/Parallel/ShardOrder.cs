namespace VptDsl.Training.Parallel;

/// <summary>Shards that a worker computes.</summary>
/// <param name="Round">Tells orders whose results are needed together from others: from one round to the next it grows.</param>
/// <param name="Kind">What they are.</param>
/// <param name="Epoch">The epoch, from 0.</param>
/// <param name="Step">The step of the epoch, from 0.</param>
/// <param name="Shards">Their numbers within the step, or within the validation set.</param>
/// <param name="Values">The model that they are computed with.</param>
internal sealed record ShardOrder(long Round, ShardKind Kind, int Epoch, int Step, int[] Shards, ModelValues Values);
