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
        var updates = graph.Nodes.Where(n => n.Operation is Add)
            .Select(n => (Sum: n, Update: Find(n.Inputs[0], n.Inputs[1]))).Where(u => u.Update is not null)
            .ToDictionary(u => u.Sum, u => u.Update!);

        // Before all else, so that products can be merged wherever they stand; once, however many segments a layer sees.
        var weights = new Dictionary<MergedWeight, Value>();
        foreach (Node sum in graph.Nodes.Where(updates.ContainsKey))
        {
            Update update = updates[sum];
            if (!weights.ContainsKey(update.Merged))
                weights.Add(update.Merged, Updated(rewriter, sum, update.Merged));
        }

        foreach (Node node in graph.Nodes)
        {
            if (updates.TryGetValue(node, out Update? update))
            {
                rewriter.Builder.Scope = node.Scope;
                Value output = node.Outputs[0]!;
                rewriter[output] = rewriter.Builder.Linear(
                    rewriter[update.X], weights[update.Merged], update.Bias is { } bias ? rewriter[bias] : null, output.Name);
            }
            else if (!rewriter.Contains(node.Outputs.First(o => o is not null)!))
            {
                rewriter.Copy(node);
            }
        }

        return rewriter.Build(graph);
    }

    private static Value Updated(GraphRewriter rewriter, Node sum, MergedWeight merged)
    {
        GraphBuilder builder = rewriter.Builder;
        string name = sum.Outputs[0]!.Name;
        Value up = Read(merged.Up), down = Read(merged.Down), weight = Read(merged.Weight);
        Value? scale = merged.Scale is null ? null : Read(merged.Scale);
        builder.Scope = sum.Scope;
        if (scale is not null)
            up = builder.One(new ScaleColumns(Residual: false), [up, scale], name + "ScaledUp");
        return builder.Add(builder.Multiply(ProductLayout.NN, up, down, name + "WeightUpdate"), weight, name + "Weight");

        Value Read(Value parameter)
        {
            if (!rewriter.Contains(parameter))
                rewriter.Copy(parameter.Producer);
            return rewriter[parameter];
        }
    }

    private static Update? Find(Value updating, Value updated)
    {
        if (Linear(updating) is not { Bias: null } up || Linear(updated) is not { } layer)
            return null;
        Value? scale = null;
        Value bottleneck = up.X;
        if (bottleneck.Producer.Operation is ScaleColumns { Residual: false } && IsParameter(bottleneck.Producer.Inputs[1]))
            (bottleneck, scale) = (bottleneck.Producer.Inputs[0], bottleneck.Producer.Inputs[1]);
        return Linear(bottleneck) is { Bias: null } down && ReferenceEquals(down.X, layer.X)
            ? new(layer.X, layer.Bias, new(layer.Weight, down.Weight, up.Weight, scale))
            : null;
    }

    private static (Value X, Value Weight, Value? Bias)? Linear(Value value) =>
        value.Producer is { Operation: Product { Layout: ProductLayout.NT } product } node
        && (product.Epilogue == Epilogue.None || product.Epilogue == Epilogue.WithBias)
        && IsParameter(node.Inputs[1])
            ? (node.Inputs[0], node.Inputs[1], node.Inputs.Count > 2 ? node.Inputs[2] : null)
            : null;

    private static bool IsParameter(Value value) => value.Producer.Operation is ReadParameter;

    private sealed record Update(Value X, Value? Bias, MergedWeight Merged);

    // All that the merged weight is made of: layers may share any part of it.
    private sealed record MergedWeight(Value Weight, Value Down, Value Up, Value? Scale);
}
