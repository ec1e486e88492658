using VptDsl.Compiler.Graph;
using VptDsl.Compiler.Graph.Operations;

namespace VptDsl.Compiler.Passes;

/// <summary>
/// Joins patches with the product that alone reads them, and a product with the patches that alone are folded: a row of patches is as
/// often larger than the map as a patch has pixels, and need not be stored to be multiplied.
/// </summary>
/// <remarks>
/// The gradient of a convolution's input is a convolution itself, of the output's gradient by the weight turned around, where the
/// patches follow each other pixel by pixel.
/// </remarks>
internal static class FuseConvolutions
{
    /// <summary>Patches over few channels, such as colours, are gathered in pieces too small to pay.</summary>
    private const int FewestChannels = 16;

    public static DataflowGraph Run(DataflowGraph graph)
    {
        var uses = new Uses(graph);
        var rewriter = new GraphRewriter();
        foreach (Node node in graph.Nodes)
        {
            rewriter.Builder.Scope = node.Scope;
            if (Patches(node, uses) is { } patches)
                rewriter[node.Outputs[0]!] = Convolution(rewriter, (Product)node.Operation, patches, node);
            else if (FoldedProduct(node, uses) is { } product)
                rewriter[node.Outputs[0]!] = InputGradient(rewriter, (FoldSlidingPatches)node.Operation, product, node.Outputs[0]!.Name);
            else
                rewriter.Copy(node);
        }

        return RemoveDead.Run(rewriter.Build(graph));
    }

    /// <summary>The patches that a product alone reads.</summary>
    private static Node? Patches(Node node, Uses uses)
    {
        if (node.Operation is not Product { Layout: ProductLayout.NT })
        {
            return null;
        }

        Value patches = node.Inputs[0];
        return patches.Producer.Operation is ExtractSlidingPatches && patches.Producer.Inputs[0].Shape.Columns >= FewestChannels
            && uses.HasOneReader(patches)
            ? patches.Producer
            : null;
    }

    private static Value Convolution(GraphRewriter rewriter, Product product, Node patches, Node node)
    {
        var convolution = new SlidingProduct(((ExtractSlidingPatches)patches.Operation).Grid, product.Epilogue);
        return rewriter.Builder.Add(
            convolution, [rewriter[patches.Inputs[0]], .. rewriter.Map(node.Inputs.Skip(1))], node.Outputs[0]!.Name, null).Outputs[0]!;
    }

    /// <summary>The product whose patches are folded, and not read otherwise.</summary>
    private static Node? FoldedProduct(Node node, Uses uses)
    {
        if (node.Operation is not FoldSlidingPatches { Grid: { Stride: 1, Kernel: > 1 } })
            return null;
        Value patches = node.Inputs[0];
        return patches.Producer is { Operation: Product { Layout: ProductLayout.NN } product } producer && product.Epilogue == Epilogue.None
            && producer.Inputs[0].Shape.Columns >= FewestChannels && !producer.Inputs[1].Shape.Batched && uses.HasOneReader(patches)
            ? producer
            : null;
    }

    private static Value InputGradient(GraphRewriter rewriter, FoldSlidingPatches fold, Node product, string name)
    {
        SlidingPatch grid = fold.Grid;
        Value dy = rewriter[product.Inputs[0]], weight = rewriter[product.Inputs[1]];
        Value flipped = rewriter.Builder.One(new FlippedWeight(grid.Taps), [weight], weight.Name + "Flipped");
        var turned = new SlidingPatch(grid.Side, grid.Kernel, Stride: 1, Padding: grid.Kernel - 1 - grid.Padding);
        return rewriter.Builder.Add(new SlidingProduct(turned, Epilogue.None), [dy, flipped], name, null).Outputs[0]!;
    }
}
