using VptDsl.Compiler.Graph;

namespace VptDsl.Compiler.Passes;

/// <summary>The passes in the order in which they run. Each leaves the value of every result as it was.</summary>
internal static class PassList
{
    /// <summary>Before differentiation: what is not computed needs no gradient.</summary>
    public static readonly IReadOnlyList<Pass> Forward =
    [
        new("RemoveDead", RemoveDead.NodesOnly),
        new("NarrowRows", NarrowRows.Run),
        new("RemoveDead", RemoveDead.NodesOnly),
    ];

    /// <summary>After differentiation.</summary>
    public static readonly IReadOnlyList<Pass> Whole =
    [
        new("RemoveDead", RemoveDead.Run),
        new("MergeProducts", MergeProducts.Run),
        new("RemoveDead", RemoveDead.Run),
        new("FuseConvolutions", FuseConvolutions.Run),
        new("FuseEpilogues", FuseEpilogues.Run),
    ];

    /// <summary>On the forward pass alone.</summary>
    public static readonly IReadOnlyList<Pass> Inference =
    [
        new("ForInference", ForInference.Run),
        new("MergeUpdates", MergeUpdates.Run),
        .. Whole,
    ];

    /// <summary>
    /// On the forward pass of a batch whose images belong to several tasks: updates stay beside the weights, which all images then share.
    /// </summary>
    public static readonly IReadOnlyList<Pass> Mixed = [.. Inference.Where(pass => pass.Name != nameof(MergeUpdates))];

    public static DataflowGraph Apply(this IEnumerable<Pass> passes, DataflowGraph graph, CancellationToken cancellation = default)
    {
        foreach (Pass pass in passes)
        {
            cancellation.ThrowIfCancellationRequested();
            graph = pass.Run(graph);
        }

        return graph;
    }
}

/// <summary>A named step from graph to graph.</summary>
internal sealed record Pass(string Name, Func<DataflowGraph, DataflowGraph> Run);
