using VptDsl.Compiler.Graph;
using VptDsl.Compiler.Graph.Operations;

namespace VptDsl.Compiler.Passes;

/// <summary>
/// For inference: adds low-rank updates to the weights that they update, x · Wᵀ + (x · Aᵀ) · Bᵀ = x · (W + B · A)ᵀ. The sum depends on no
/// image, so that it is computed once for a task, and layers then cost what they cost without updates.
/// </summary>
internal static class MergeUpdates
{
    public static DataflowGraph Run(DataflowGraph graph)
    {
        var rewriter = new GraphRewriter();
        foreach (Node node in graph.Nodes)
        {
            if (node.Operation is Add && Find(node.Inputs[0], node.Inputs[1]) is { } update)
                Merge(rewriter, node, update);
            else
                rewriter.Copy(node);
        }

        return rewriter.Build(graph);
    }

    private static void Merge(GraphRewriter rewriter, Node sum, Update update)
    {
        GraphBuilder builder = rewriter.Builder;
        builder.Scope = sum.Scope;
        string name = sum.Outputs[0]!.Name;
        Value up = rewriter[update.Up];
        if (update.Scale is { } scale)
            up = builder.One(new ScaleColumns(Residual: false), [up, rewriter[scale]], name + "ScaledUp");
        Value product = builder.Multiply(ProductLayout.NN, up, rewriter[update.Down], name + "WeightUpdate");
        Value weight = builder.Add(product, rewriter[update.Weight], name + "Weight");
        rewriter[sum.Outputs[0]!] = builder.Linear(
            rewriter[update.X], weight, update.Bias is { } bias ? rewriter[bias] : null, name);
    }

    private static Update? Find(Value updating, Value updated)
    {
        if (Linear(updating) is not { Bias: null } up || Linear(updated) is not { } layer)
            return null;
        Value? scale = null;
        Value bottleneck = up.X;
        if (bottleneck.Producer.Operation is ScaleColumns { Residual: false })
            (bottleneck, scale) = (bottleneck.Producer.Inputs[0], bottleneck.Producer.Inputs[1]);
        return Linear(bottleneck) is { Bias: null } down && ReferenceEquals(down.X, layer.X)
            ? new(layer.X, layer.Weight, layer.Bias, down.Weight, up.Weight, scale)
            : null;
    }

    private static (Value X, Value Weight, Value? Bias)? Linear(Value value) =>
        value.Producer is { Operation: Product { Layout: ProductLayout.NT } product } node
        && (product.Epilogue == Epilogue.None || product.Epilogue == Epilogue.WithBias)
        && node.Inputs[1].Producer.Operation is ReadParameter
            ? (node.Inputs[0], node.Inputs[1], node.Inputs.Count > 2 ? node.Inputs[2] : null)
            : null;

    private sealed record Update(Value X, Value Weight, Value? Bias, Value Down, Value Up, Value? Scale);
}
