using VptDsl.Compiler.Graph;
using VptDsl.Compiler.Graph.Operations;

namespace VptDsl.Compiler.Passes;

/// <summary>
/// Joins windows with the product that alone reads them, and a product with the windows that alone are folded: a row of windows is as
/// often larger than the map as a window has pixels, and need not be stored to be multiplied.
/// </summary>
/// <remarks>
/// The gradient of a convolution's input is a convolution itself, of the output's gradient by the weight turned around, where the
/// windows follow each other pixel by pixel.
/// </remarks>
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
            rewriter.Builder.Scope = node.Scope;
            if (Windows(node, uses) is { } windows)
                rewriter[node.Outputs[0]!] = Convolution(rewriter, (Product)node.Operation, windows, node);
            else if (FoldedProduct(node, uses) is { } product)
                rewriter[node.Outputs[0]!] = InputGradient(rewriter, ((FoldWindows)node.Operation).Grid, product, node.Outputs[0]!.Name);
            else
                rewriter.Copy(node);
        }

        return RemoveDead.Run(rewriter.Build(graph));
    }

    /// <summary>The windows that a product alone reads.</summary>
    private static Node? Windows(Node node, Uses uses)
    {
        if (node.Operation is not Product { Layout: ProductLayout.NT })
        {
            return null;
        }

        Value windows = node.Inputs[0];
        return windows.Producer.Operation is ExtractWindows && windows.Producer.Inputs[0].Shape.Columns >= FewestChannels
            && uses.HasOneReader(windows)
            ? windows.Producer
            : null;
    }

    private static Value Convolution(GraphRewriter rewriter, Product product, Node windows, Node node)
    {
        var convolution = new WindowProduct(((ExtractWindows)windows.Operation).Grid, product.Epilogue);
        return rewriter.Builder.Add(
            convolution, [rewriter[windows.Inputs[0]], .. rewriter.Map(node.Inputs.Skip(1))], node.Outputs[0]!.Name, null).Outputs[0]!;
    }

    /// <summary>The product whose windows are folded, and not read otherwise.</summary>
    private static Node? FoldedProduct(Node node, Uses uses)
    {
        if (node.Operation is not FoldWindows { Grid: { Stride: 1, Kernel: > 1 } })
            return null;
        Value windows = node.Inputs[0];
        return windows.Producer is { Operation: Product { Layout: ProductLayout.NN } product } producer && product.Epilogue == Epilogue.None
            && producer.Inputs[0].Shape.Columns >= FewestChannels && !producer.Inputs[1].Shape.Batched && uses.HasOneReader(windows)
            ? producer
            : null;
    }

    private static Value InputGradient(GraphRewriter rewriter, SlidingWindow grid, Node product, string name)
    {
        Value dy = rewriter[product.Inputs[0]], weight = rewriter[product.Inputs[1]];
        Value flipped = rewriter.Builder.One(new FlippedWeight(grid.Taps), [weight], weight.Name + "Flipped");
        var turned = new SlidingWindow(grid.Side, grid.Kernel, Stride: 1, Padding: grid.Kernel - 1 - grid.Padding);
        return rewriter.Builder.Add(new WindowProduct(turned, Epilogue.None), [dy, flipped], name, null).Outputs[0]!;
    }
}
