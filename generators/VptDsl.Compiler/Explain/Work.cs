using VptDsl.Compiler.Graph;
using VptDsl.Compiler.Planning;

namespace VptDsl.Compiler.Explain;

/// <summary>Floating-point operations of a graph, by direction and by how often they run.</summary>
/// <param name="Forward">For each image, forward.</param>
/// <param name="Backward">For each image, backward.</param>
/// <param name="PerStep">Once a step, whatever the batch.</param>
internal sealed record Work(long Forward, long Backward, long PerStep)
{
    public long PerImage => Forward + Backward;

    /// <summary>The work as the graph does it: what has no batch runs once a step.</summary>
    public static Work Of(DataflowGraph graph) => Count(graph.Nodes, isPerImage: DependsOnBatch);

    /// <summary>The work of a framework that expands prompts over the batch first: everything runs for each image.</summary>
    public static Work OfEager(DataflowGraph graph) => Count(graph.Nodes, isPerImage: _ => true);

    /// <summary>The work of a step of a plan at a batch size.</summary>
    public static long Of(Call call, int batch)
    {
        long work = call.Operation.FloatingPointOperations(
            call.Inputs.Select(i => i.Shape).ToArray(), call.Outputs.Select(o => o.Layout?.Shape).ToArray());
        return call.Operands.Any(o => o.Layout.Batched) ? batch * work : work;
    }

    private static bool DependsOnBatch(Node node) =>
        node.Inputs.Any(i => i.Shape.Batched) || node.Outputs.Any(o => o is { Shape.Batched: true });

    private static Work Count(IReadOnlyList<Node> nodes, Func<Node, bool> isPerImage)
    {
        long forward = 0, backward = 0, perStep = 0;
        foreach (Node node in nodes)
        {
            long work = node.FloatingPointOperations;
            if (!isPerImage(node))
                perStep += work;
            else if (node.Scope.Backward)
                backward += work;
            else
                forward += work;
        }

        return new(forward, backward, perStep);
    }
}
