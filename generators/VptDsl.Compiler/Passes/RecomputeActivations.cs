using VptDsl.Compiler.Graph;
using VptDsl.Compiler.Graph.Operations;

namespace VptDsl.Compiler.Passes;

/// <summary>
/// Computes activations and what leads to them, back to the normalisation before, again in the backward pass, so that they need not be
/// kept from the forward pass: the widest values of a layer for one product more. A head stays as it is: its values are few, and what it
/// computed again would need more of the backbone than the features that are kept of an image.
/// </summary>
internal sealed class RecomputeActivations
{
    private readonly DataflowGraph _graph;
    private readonly GraphRewriter _rewriter = new();
    private readonly HashSet<Value> _chain;
    private readonly Dictionary<Value, Value> _again = [];

    private RecomputeActivations(DataflowGraph graph)
    {
        _graph = graph;
        _chain = FindChains(graph);
    }

    public static DataflowGraph Run(DataflowGraph graph) => new RecomputeActivations(graph).Run();

    private DataflowGraph Run()
    {
        foreach (Node node in _graph.Nodes)
        {
            Value[] inputs = node.Scope.Backward
                ? node.Inputs.Select(i => Again(i, node.Scope)).ToArray()
                : _rewriter.Map(node.Inputs);
            _rewriter.Replace(node, node.Operation, inputs);
        }

        return _rewriter.Build(_graph);
    }

    /// <summary>The values from a normalisation to an activation: what a fresh chain can replace.</summary>
    private static HashSet<Value> FindChains(DataflowGraph graph)
    {
        var chain = new HashSet<Value>();
        foreach (Node activation in graph.Nodes.Where(n => n.Operation is Activate && n.Scope is { Backward: false, Layer: >= 0 }))
        {
            Value[] hidden = [.. ChainTo(activation.Inputs[0])];
            if (hidden.Length > 0)
                chain.UnionWith([.. hidden, activation.Outputs[0]!]);
        }

        return chain;
    }

    /// <summary>The values from a normalisation to what is activated; none if it comes from elsewhere.</summary>
    private static IEnumerable<Value> ChainTo(Value hidden)
    {
        if (IsProduct(hidden) && hidden.Producer.Inputs[0] is var normalized && normalized.Producer.Operation is LayerNorm)
            return [normalized, hidden];
        // With a low-rank update: its bottleneck is narrow and is kept.
        if (hidden.Producer.Operation is Add && hidden.Producer.Inputs is var terms && terms.Count == 2 && terms.All(IsProduct)
            && terms.SelectMany(ChainTo).ToArray() is { Length: > 0 } linear)
        {
            return [.. linear, .. terms, hidden];
        }

        return [];
    }

    private static bool IsProduct(Value value) => value.Producer.Operation is Product { Layout: ProductLayout.NT };

    /// <summary>A value for a reader in the backward pass: computed anew, once for all readers, where it belongs to a chain.</summary>
    private Value Again(Value value, Scope scope)
    {
        if (!_chain.Contains(value) || value.Index != 0)
            return _rewriter[value];
        if (_again.TryGetValue(value, out Value? again))
            return again;
        Node producer = value.Producer;
        Value[] inputs = producer.Inputs.Select(i => Again(i, scope)).ToArray();
        _rewriter.Builder.Scope = scope;
        string?[] names = producer.Outputs.Select((o, i) => i == 0 ? o!.Name + "Again" : null).ToArray();
        again = _rewriter.Builder.Add(producer.Operation, inputs, names).Outputs[0]!;
        _again.Add(value, again);
        return again;
    }
}
