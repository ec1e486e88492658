using VptDsl.Compiler.Graph;
using VptDsl.Compiler.Graph.Operations;

namespace VptDsl.Compiler.Emit;

/// <summary>
/// How a node of inference is written as a call of the ONNX library's method for it: those that a routine computes take what the routine
/// takes, with a name for the result where its memory would be.
/// </summary>
internal static class OnnxText
{
    /// <summary>The call, or null for what inference has no use for and the library no method.</summary>
    /// <param name="node">The node.</param>
    /// <param name="inputs">The texts of its inputs.</param>
    /// <param name="name">The text of the result's name.</param>
    public static string? Of(Node node, IReadOnlyList<string> inputs, string name) => node.Operation switch
    {
        ConcatRows => $"ConcatRows([{string.Join(", ", inputs)}], {name})",
        ConcatColumns => $"ConcatColumns([{string.Join(", ", inputs)}], {name})",
        SliceRows rows => $"SliceRows({inputs[0]}, {name}, {rows.Start}, {rows.Count})",
        SliceColumns columns => $"SliceColumns({inputs[0]}, {name}, {columns.Start}, {columns.Count})",
        SwapAxes swap => $"SwapAxes({inputs[0]}, {name}, {swap.Blocks}, {swap.First}, {swap.Second}, {swap.Rows})",
        ProductOperation { Epilogue.HasGate: true } or Product { Layout: ProductLayout.TN } => null,
        Product or SlidingProduct
            or Activate or Add or AddRow or AffineChannels or Blend or Multiply or ScaleColumns
            or Attention or ExpandRelativeBias or JoinHeads or Rotate { Back: false } or SplitHeads
            or DepthwiseConvolution or ExtractSlidingPatches or MaxPool
            or AddRows or ExtractPatches or MergeNeighbours or PadImages or PadRows or Upsample
            or DivideByDeviation or FoldedBias or FoldedWeight or LayerNorm
            or MeanOfGroups or WindowAttention =>
                RoutineText.Of(node.Operation, inputs, [name, .. Enumerable.Repeat<string?>(null, node.Outputs.Count - 1)]),
        _ => null,
    };

    /// <summary>The operations of a model's inference that no call is written for.</summary>
    public static IReadOnlyList<Operation> Missing(CompiledModel model) =>
    [
        .. model.InferenceNodes
            .Where(n => n.Operation is not (ReadImages or ReadFeatures or ReadParameter))
            .Where(n => Of(n, [.. n.Inputs.Select(i => i.Name)], "") is null)
            .Select(n => n.Operation).Distinct(),
    ];
}
