using VptDsl.Programs;
using VptDsl.Training.Batches;

namespace VptDsl.Training.Parallel;

/// <summary>Computes shards with a program, which has the order's values already.</summary>
/// <param name="program">The program. Afterwards its values are what they were; its gradients are anything.</param>
/// <param name="pieces">The training set in pieces.</param>
/// <param name="validation">The validation set in batches; null for none.</param>
internal sealed class ShardComputer(ModelProgram program, TrainingPieces pieces, Evaluator? validation)
{
    private static readonly Slot Gradients = new(Region.Gradients, 0), Statistics = new(Region.Statistics, 0);

    private readonly ResultPool _results = new();
    private int[] _announced = [];

    /// <summary>Computes shards, one after the other as they are asked for.</summary>
    /// <param name="order">Which.</param>
    /// <param name="cancellation">Stops between two.</param>
    /// <returns>Their results, in the order of the shards, which stay until the next round.</returns>
    public IEnumerable<ShardResult> Compute(ShardOrder order, CancellationToken cancellation)
    {
        IReadOnlyList<ShardResult> results = _results.Take(order);
        Announce(order);
        foreach (ShardResult result in results)
        {
            cancellation.ThrowIfCancellationRequested();
            if (order.Kind == ShardKind.Train)
                Train(order, result);
            else
                Measure(result);
            yield return result;
        }
    }

    /// <summary>Reads ahead what comes next if the shards stay as they are, which they do while nobody comes or goes.</summary>
    private void Announce(ShardOrder order)
    {
        if (order.Kind == ShardKind.Measure)
        {
            validation!.Announce(order.Shards);
        }
        else if (pieces.Shuffle(order.Epoch) || !_announced.AsSpan().SequenceEqual(order.Shards))
        {
            _announced = order.Shards;
            pieces.Announce(order.Step, order.Shards);
        }
    }

    private void Train(ShardOrder order, ShardResult result)
    {
        result.Reserve(program.Model);
        pieces.Fetch(order.Step, result.Shard);
        using DeviceTurn turn = program.TakeTurn();
        pieces.Put(order.Step);
        pieces.Compute(order.Step, result.Shard);
        foreach (ImageScore score in pieces.Score(order.Step))
            result.Scores.Add(score);
        result.Counting = pieces.Counting;
        program.Read(Gradients, result.Gradients);
        if (result.Measured.Length == 0)
            return;
        program.Read(Statistics, result.Measured);
        program.Write(Statistics, order.Values.Measured);
    }

    private void Measure(ShardResult result)
    {
        ConfusionMatrix? confusion = program.Model.IsOfPixels ? new ConfusionMatrix(program.TaskClasses) : null;
        foreach (ImageScore score in validation!.Score(result.Shard, confusion))
            result.Scores.Add(score);
        if (confusion is not null)
            result.Confusion.AddRange(confusion.Counted());
    }
}
