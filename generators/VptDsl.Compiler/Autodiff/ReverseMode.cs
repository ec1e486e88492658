using VptDsl.Compiler.Graph;
using VptDsl.Compiler.Graph.Operations;

namespace VptDsl.Compiler.Autodiff;

/// <summary>
/// Reverse-mode differentiation on the graph: appends the backward pass and delivers the gradient of every trained parameter.
/// </summary>
/// <remarks>
/// Only active values, those that depend on something trained, get a gradient: nothing below the first prompt is differentiated,
/// and frozen weights never are.
/// </remarks>
internal static class ReverseMode
{
    public static DataflowGraph Differentiate(DataflowGraph forward)
    {
        var rewriter = new GraphRewriter();
        foreach (Node node in forward.Nodes)
            rewriter.Copy(node);
        GraphBuilder builder = rewriter.Builder;
        Node[] nodes = builder.Nodes.ToArray();

        HashSet<Value> active = Activity.OfTrainedParameters(nodes);
        var gradients = new Dictionary<Value, List<Value>>();
        void Contribute(Value target, Value gradient)
        {
            if (!gradients.TryGetValue(target, out List<Value>? terms))
                gradients.Add(target, terms = []);
            terms.Add(gradient);
        }

        var results = forward.Results.Select(r => r with { Value = rewriter[r.Value] }).ToList();
        foreach (Node node in nodes.Reverse())
        {
            builder.Scope = node.Scope with { Backward = true };
            Value?[] outputGradients = node.Outputs.Select(o => o is null ? null : Total(builder, gradients, o)).ToArray();
            if (node.Operation is ReadParameter { Slice: var slice })
            {
                if (outputGradients[0] is { } total)
                    results.Add(new(ResultRole.Gradient, total) { Parameter = slice });
            }
            else if (node.Operation.IsLoss || outputGradients.Any(g => g is not null))
            {
                node.Operation.Differentiate(new(builder, node, outputGradients, active.Contains, Contribute));
            }
        }

        return builder.Build(results);
    }

    private static Value? Total(GraphBuilder builder, Dictionary<Value, List<Value>> gradients, Value value)
    {
        if (!gradients.TryGetValue(value, out List<Value>? terms))
            return null;
        Value sum = terms[0];
        for (int i = 1; i < terms.Count; i++)
            sum = builder.Add(sum, terms[i], value.Name + "Gradient");
        return sum;
    }
}
