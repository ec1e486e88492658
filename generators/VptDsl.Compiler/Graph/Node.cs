using VptDsl.Compiler.Graph.Operations;

namespace VptDsl.Compiler.Graph;

/// <summary>One application of an operation.</summary>
internal sealed class Node(Operation operation, IReadOnlyList<Value> inputs, Scope scope)
{
    private Value?[] _outputs = [];

    public Operation Operation { get; } = operation;

    public IReadOnlyList<Value> Inputs { get; } = inputs;

    /// <summary>The results; <see langword="null"/> for those that nobody asks for.</summary>
    public IReadOnlyList<Value?> Outputs => _outputs;

    /// <summary>Which part of the model it belongs to.</summary>
    public Scope Scope { get; } = scope;

    /// <summary>Whether its result is a part of its input's memory.</summary>
    public bool IsView => Operation is SliceRows or SliceColumns;

    /// <summary>What it computes for an image, or for a step where it has no batch.</summary>
    public long FloatingPointOperations => Operation.FloatingPointOperations(
        Inputs.Select(i => i.Shape).ToArray(), Outputs.Select(o => o?.Shape).ToArray());

    internal void SetOutputs(Value?[] outputs) => _outputs = outputs;

    public override string ToString() =>
        $"{string.Join(", ", Outputs.Select(o => o?.ToString() ?? "_"))} = {Operation}({string.Join(", ", Inputs.Select(i => i.Name))})";
}

/// <summary>The part of the model and the direction that a node belongs to; equal layers are found by it.</summary>
/// <param name="Part">For instance <c>blocks.3</c>.</param>
/// <param name="Layer">The layer, or -1 outside layers.</param>
/// <param name="Backward">Whether it belongs to the backward pass.</param>
internal sealed record Scope(string Part, int Layer, bool Backward);
