using VptDsl.Compiler.Graph;
using VptDsl.Compiler.Graph.Operations;
using VptDsl.Programs;

namespace VptDsl.Compiler.Planning;

/// <summary>
/// Finds the frozen parameters that memory can hold in bfloat16, each two neighbouring columns in the place of one float: those that
/// nothing reads but products, as their right factor.
/// </summary>
/// <remarks>
/// A product reads its right factor as a whole and in order, so unpacking it costs little beside the multiplication. What is computed from
/// other readers stays what it was: scales, folded weights, merged updates.
/// </remarks>
internal static class PairedWeights
{
    private const int RightFactor = 1;

    /// <param name="programs">All programs of a model.</param>
    public static ISet<Parameter> Of(IEnumerable<DataflowGraph> programs)
    {
        HashSet<Parameter> found = [], others = [];
        foreach (DataflowGraph program in programs)
        {
            foreach (Result result in program.Results)
                Exclude(result.Value);
            foreach (Node node in program.Nodes)
            {
                for (int i = 0; i < node.Inputs.Count; i++)
                {
                    if (SliceOf(node.Inputs[i]) is not { } slice)
                        continue;
                    if (i == RightFactor && CanUnpack(node.Operation) && IsOfPairs(slice))
                        found.Add(slice.Parameter);
                    else
                        others.Add(slice.Parameter);
                }
            }
        }

        found.ExceptWith(others);
        return found;

        void Exclude(Value value)
        {
            if (SliceOf(value) is { } slice)
                others.Add(slice.Parameter);
        }
    }

    private static ParameterSlice? SliceOf(Value value) =>
        value.Producer.Operation is ReadParameter { Slice: var slice } && IsOfFrozenBackbone(slice.Parameter) ? slice : null;

    // What tasks hold beside the backbone, trained or not, comes and goes with them as it is.
    private static bool IsOfFrozenBackbone(Parameter parameter) =>
        parameter is { Kind: ParameterKind.Backbone, Trained: false, Measured: false, Folded: false };

    private static bool CanUnpack(Operation operation) =>
        operation is SlidingProduct or Product { Layout: ProductLayout.NT or ProductLayout.NN };

    private static bool IsOfPairs(ParameterSlice slice) => slice.Shape.Columns % 2 == 0 && slice.Offset % 2 == 0;
}
