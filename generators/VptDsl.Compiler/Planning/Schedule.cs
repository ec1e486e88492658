using VptDsl.Compiler.Graph;
using VptDsl.Compiler.Graph.Operations;

namespace VptDsl.Compiler.Planning;

/// <summary>The order in which nodes run: as built, but what only delivers a result runs as soon as its inputs are there.</summary>
/// <remarks>
/// A weight's gradient that ran last would keep its operands in memory until then. And what a pass moved from one layer among the
/// nodes of another goes back to its own, so that a layer stays one part.
/// </remarks>
internal static class Schedule
{
    public static IReadOnlyList<Node> Order(DataflowGraph graph)
    {
        var read = new HashSet<Value>(graph.Nodes.SelectMany(n => n.Inputs));
        var positions = new Dictionary<Node, int>();
        for (int i = 0; i < graph.Nodes.Count; i++)
        {
            Node node = graph.Nodes[i];
            bool early = node.Inputs.Count > 0
                && (node.Operation is ConcatColumns or ConcatRows or SliceRows or SliceColumns
                    || !node.Outputs.Any(o => o is not null && read.Contains(o))
                    || IsAstray(node, graph.Nodes[i - 1]));
            positions[node] = early ? node.Inputs.Max(input => positions[input.Producer]) : i;
        }

        return graph.Nodes.Select((node, i) => (node, i)).OrderBy(n => positions[n.node]).ThenBy(n => n.i).Select(n => n.node).ToArray();
    }

    /// <summary>Whether a node stands among those of another part, although it needs only what is there at the end of its own.</summary>
    private static bool IsAstray(Node node, Node before) =>
        node.Scope.Backward && node.Scope != before.Scope && node.Inputs.Any(i => i.Producer.Scope == node.Scope);
}
