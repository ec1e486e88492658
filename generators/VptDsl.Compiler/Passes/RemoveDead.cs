using VptDsl.Compiler.Graph;

namespace VptDsl.Compiler.Passes;

/// <summary>
/// Demand: drops every node, and every output of a node, that no result depends on. This is what removes the queries, attention
/// outputs and MLPs of prompts that the next layer throws away.
/// </summary>
internal static class RemoveDead
{
    /// <summary>Drops nodes and outputs.</summary>
    public static DataflowGraph Run(DataflowGraph graph) => Run(graph, keepOutputs: false);

    /// <summary>Drops nodes alone: a forward pass that is still to be differentiated needs all outputs of the others.</summary>
    public static DataflowGraph NodesOnly(DataflowGraph graph) => Run(graph, keepOutputs: true);

    private static DataflowGraph Run(DataflowGraph graph, bool keepOutputs)
    {
        var needed = new HashSet<Value>(graph.Results.Select(r => r.Value));
        foreach (Node node in graph.Nodes.Reverse())
        {
            if (node.Outputs.Any(o => o is not null && needed.Contains(o)))
            {
                foreach (Value input in node.Inputs)
                    needed.Add(input);
            }
        }

        var rewriter = new GraphRewriter();
        foreach (Node node in graph.Nodes)
        {
            if (!node.Outputs.Any(o => o is not null && needed.Contains(o)))
                continue;
            rewriter.Builder.Scope = node.Scope;
            string?[] names = node.Outputs.Select(o => o is not null && (keepOutputs || needed.Contains(o)) ? o.Name : null).ToArray();
            Node kept = rewriter.Builder.Add(node.Operation, rewriter.Map(node.Inputs), names);
            for (int i = 0; i < names.Length; i++)
            {
                if (names[i] is not null)
                    rewriter[node.Outputs[i]!] = kept.Outputs[i]!;
            }
        }

        return rewriter.Build(graph);
    }
}
