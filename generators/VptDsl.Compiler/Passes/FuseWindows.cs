using VptDsl.Compiler.Graph;
using VptDsl.Compiler.Graph.Operations;

namespace VptDsl.Compiler.Passes;

/// <summary>
/// Joins windows with the product that alone reads them: a row of windows is as often larger than the map as a window has pixels, and
/// need not be stored to be multiplied.
/// </summary>
internal static class FuseWindows
{
    /// <summary>Windows over few channels, such as colours, are gathered in pieces too small to pay.</summary>
    private const int FewestChannels = 16;

    public static DataflowGraph Run(DataflowGraph graph)
    {
        var uses = new Uses(graph);
        var rewriter = new GraphRewriter();
        foreach (Node node in graph.Nodes)
        {
            if (Windows(node, uses) is not { } windows)
            {
                rewriter.Copy(node);
                continue;
            }

            var grid = ((ExtractWindows)windows.Operation).Grid;
            bool residual = ((Product)node.Operation).Epilogue.Residual;
            rewriter.Builder.Scope = node.Scope;
            rewriter[node.Outputs[0]!] = rewriter.Builder.One(
                new WindowProduct(grid, residual),
                [rewriter[windows.Inputs[0]], .. rewriter.Map(node.Inputs.Skip(1))],
                node.Outputs[0]!.Name);
        }

        return RemoveDead.Run(rewriter.Build(graph));
    }

    private static Node? Windows(Node node, Uses uses)
    {
        if (node.Operation is not Product { Layout: ProductLayout.NT, Epilogue: { Bias: true, Activation: Activation.None } epilogue }
            || node.Outputs[1] is not null)
        {
            return null;
        }

        Value windows = node.Inputs[0];
        bool isWorthIt = windows.Producer.Operation is ExtractWindows && windows.Producer.Inputs[0].Shape.Columns >= FewestChannels
            && uses.HasOneReader(windows);
        return isWorthIt && (!epilogue.Residual || node.Inputs[3].Shape == node.Outputs[0]!.Shape) ? windows.Producer : null;
    }
}
