using VptDsl.Compiler.Graph;

namespace VptDsl.Testing.Interpretation;

/// <summary>One operation about to be evaluated: its operands, and zeroed matrices for all its outputs, asked for or not.</summary>
internal sealed class Invocation
{
    public Invocation(Operation operation, IReadOnlyList<BatchMatrix> inputs, GraphInputs graph, Precision precision)
    {
        Inputs = inputs;
        Graph = graph;
        Precision = precision;
        Outputs = operation.InferShapes(inputs.Select(i => i.Shape).ToArray())
            .Select(shape => new BatchMatrix(shape, graph.Batch))
            .ToArray();
    }

    public GraphInputs Graph { get; }

    public IReadOnlyList<BatchMatrix> Inputs { get; }

    public IReadOnlyList<BatchMatrix> Outputs { get; }

    public int Batch => Graph.Batch;

    /// <summary>What products and attention multiply.</summary>
    public Precision Precision { get; }

    /// <summary>An operand, or part of it, as it is multiplied.</summary>
    public BatchMatrix Factor(BatchMatrix operand) => Rounding.Round(Precision, operand);

    /// <summary>What was computed in float32, as it is multiplied.</summary>
    public double Factor(double value) => Rounding.Round(Precision, value);
}
