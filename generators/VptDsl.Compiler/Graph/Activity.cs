using VptDsl.Compiler.Graph.Operations;

namespace VptDsl.Compiler.Graph;

/// <summary>Activity: which values depend on something.</summary>
internal static class Activity
{
    /// <summary>The values that depend on a trained parameter: they alone have a gradient.</summary>
    public static HashSet<Value> OfTrainedParameters(IEnumerable<Node> nodes) =>
        Of(nodes, n => n.Operation is ReadParameter { Slice.Parameter.Trained: true });

    /// <summary>The values that another step may find changed, whatever the images.</summary>
    public static HashSet<Value> OfSteps(IEnumerable<Node> nodes) =>
        Of(nodes, n => n.Operation is ReadNoise or ReadParameter { Slice.Parameter: { Trained: true } or { Measured: true } });

    /// <summary>The values that depend on the images.</summary>
    public static HashSet<Value> OfImages(IEnumerable<Node> nodes) => Of(nodes, n => n.Operation is ReadImages);

    /// <summary>The nodes that depend on such sources alone, and these.</summary>
    public static HashSet<Node> OfNothingBut(IEnumerable<Node> nodes, Func<Node, bool> isSource)
    {
        var found = new HashSet<Node>();
        foreach (Node node in nodes)
        {
            if (node.Inputs.Count == 0 ? isSource(node) : node.Inputs.All(i => found.Contains(i.Producer)))
                found.Add(node);
        }

        return found;
    }

    private static HashSet<Value> Of(IEnumerable<Node> nodes, Func<Node, bool> isSource)
    {
        var dependent = new HashSet<Value>();
        foreach (Node node in nodes)
        {
            if (isSource(node) || node.Inputs.Any(dependent.Contains))
                dependent.UnionWith(node.Outputs.OfType<Value>());
        }

        return dependent;
    }
}
