using VptDsl.Compiler.Graph;
using VptDsl.Compiler.Graph.Operations;
using VptDsl.Compiler.Planning;
using VptDsl.Testing.Interpretation;

namespace VptDsl.Compiler.Tests.Precisions;

/// <summary>A training step, and the same with what it keeps for its backward pass packed.</summary>
internal sealed class PackedStep
{
    public PackedStep(DataflowGraph step)
    {
        Step = new(Schedule.Order(step), step.Results);
        Packed = PackSaved.Run(step);
        Node[] kept = [.. Packed.Nodes.Where(n => n.Operation is not (PackPairs or UnpackPairs) && !IsViewOfUnpacked(n))];
        Assert.Equal(Step.Nodes.Select(n => n.Operation), kept.Select(n => n.Operation));
        var before = Step.Nodes.Zip(kept)
            .SelectMany(pair => pair.Second.Outputs.Zip(pair.First.Outputs)).Where(pair => pair.First is not null)
            .ToDictionary(pair => pair.First!, pair => pair.Second!);
        Values = [.. Packed.Nodes.Where(n => n.Operation is PackPairs).Select(n => before[n.Inputs[0]])];
    }

    /// <summary>The step as it was, in the order in which it runs.</summary>
    public DataflowGraph Step { get; }

    /// <summary>The step that packs.</summary>
    public DataflowGraph Packed { get; }

    /// <summary>Those values of <see cref="Step"/> that are packed.</summary>
    public IReadOnlyList<Value> Values { get; }

    /// <summary>What <see cref="Step"/> gives if each reader of the backward pass finds these values rounded where they are.</summary>
    public Evaluation RoundedInPlace(GraphInputs inputs)
    {
        var rounded = new HashSet<Value>(Values);
        var values = new Dictionary<Value, BatchMatrix>();
        foreach (Node node in Step.Nodes)
        {
            BatchMatrix[] operands = [.. node.Inputs.Select(input => node.Scope.Backward && !node.IsView && rounded.Contains(Root(input))
                ? Rounding.Round(Precision.BFloat16, values[input])
                : values[input])];
            IReadOnlyList<BatchMatrix> results = GraphInterpreter.Apply(node.Operation, operands, inputs);
            for (int i = 0; i < node.Outputs.Count; i++)
            {
                if (node.Outputs[i] is { } output)
                    values.Add(output, results[i]);
            }
        }

        return new(Step, values);
    }

    public static Value Root(Value value) => value.Producer.IsView ? Root(value.Producer.Inputs[0]) : value;

    private static bool IsViewOfUnpacked(Node node) =>
        node.IsView && Root(node.Inputs[0]).Producer.Operation is UnpackPairs;
}
