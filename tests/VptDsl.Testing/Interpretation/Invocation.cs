using VptDsl.Compiler.Graph;

namespace VptDsl.Testing.Interpretation;

/// <summary>One operation about to be evaluated: its operands, and zeroed matrices for all its outputs, asked for or not.</summary>
internal sealed class Invocation
{
    public Invocation(Operation operation, IReadOnlyList<BatchMatrix> inputs, GraphInputs graph)
    {
        Inputs = inputs;
        Graph = graph;
        Outputs = operation.InferShapes(inputs.Select(i => i.Shape).ToArray())
            .Select(shape => new BatchMatrix(shape, graph.Batch))
            .ToArray();
    }

    public GraphInputs Graph { get; }

    public IReadOnlyList<BatchMatrix> Inputs { get; }

    public IReadOnlyList<BatchMatrix> Outputs { get; }

    public int Batch => Graph.Batch;
}
