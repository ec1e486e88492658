using VptDsl.Programs;
using VptDsl.Training.Batches;

namespace VptDsl.Training.Parallel;

/// <summary>A worker's whole part in a run that another leads: its sets, its program and the values that it has.</summary>
internal sealed class ShardComputation : IDisposable
{
    private readonly ModelProgram _program;
    private readonly CancellationToken _cancellation;
    private readonly TrainingPieces _pieces;
    private readonly Evaluator? _validation;
    private readonly ShardComputer _computer;
    private long _known;

    /// <summary>Prepares to compute.</summary>
    /// <param name="terms">The run, with the worker's own program and sets.</param>
    /// <param name="cancellation">Stops between two shards.</param>
    public ShardComputation(RunTerms terms, CancellationToken cancellation)
    {
        _program = terms.Program;
        _cancellation = cancellation;
        _program.ClassWeights = terms.Options.ClassWeights?.Values.AsMemory() ?? default;
        long budget = terms.Options.FeatureCacheBytes;
        _pieces = new TrainingPieces(_program, terms.Train, terms.Options, cancellation, ref budget);
        _validation = terms.Validation is { } validation
            ? new Evaluator(_program, validation, "validation", terms.Options.LargestBatch, ref budget)
            : null;
        _computer = new ShardComputer(_program, _pieces, _validation);
    }

    /// <summary>Takes up the values of the next order in any case: another leader numbers them anew.</summary>
    public void Forget() => _known = 0;

    /// <summary>Computes shards with the order's values, one after the other as they are asked for.</summary>
    /// <returns>Results in the order of the shards, which stay until the next round.</returns>
    public IEnumerable<ShardResult> Compute(ShardOrder order)
    {
        if (_known != order.Values.Number)
            order.Values.WriteTo(_program);
        _known = order.Values.Number;
        return _computer.Compute(order, _cancellation);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _pieces.Dispose();
        _validation?.Dispose();
        _program.ClassWeights = default;
        _program.SoftTargets = default;
    }
}
