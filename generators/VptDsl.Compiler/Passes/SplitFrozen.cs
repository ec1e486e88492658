using VptDsl.Compiler.Graph;
using VptDsl.Compiler.Graph.Operations;

namespace VptDsl.Compiler.Passes;

/// <summary>
/// Cuts off what depends on the image and on frozen parameters alone: it gives the same for an image in every epoch and for every
/// task, so it can be computed once and kept.
/// </summary>
/// <remarks>
/// The cut is one value, the features, through which everything that the rest needs of the image passes: the last such value. For a
/// linear probe it is what the head reads; with prompts from layer k on it is the input of layer k.
/// </remarks>
internal static class SplitFrozen
{
    /// <summary>Below this share of the work, keeping features is not worth its memory.</summary>
    private const double LeastShare = 0.05;

    /// <summary>The features of a graph, if keeping them is worth it.</summary>
    public static Value? FindFeatures(DataflowGraph graph)
    {
        HashSet<Value> active = Activity.OfSteps(graph.Nodes);
        HashSet<Value> ofImage = Activity.OfImages(graph.Nodes);
        var frozen = graph.Nodes.Where(n => n.Operation is not ReadImages)
            .SelectMany(n => n.Outputs).OfType<Value>()
            .Where(v => ofImage.Contains(v) && !active.Contains(v)).ToArray();
        var boundary = graph.Nodes.Where(n => n.Outputs.Any(o => o is not null && active.Contains(o)) || n.Scope.Backward)
            .SelectMany(n => n.Inputs).Concat(graph.Results.Select(r => r.Value))
            .Where(i => ofImage.Contains(i) && !active.Contains(i)).Distinct().ToArray();

        Value? best = null;
        foreach (Value candidate in frozen)
        {
            // Of two such values the later one depends on the earlier, so it stands for more work; or for a copy that is larger, as patches
            // of a map are.
            bool isLargerCopy = best is not null && candidate.Shape.Count > best.Shape.Count
                && candidate.Producer.FloatingPointOperations == 0;
            if (!isLargerCopy && boundary.All(b => PassesThrough(b, candidate, ofImage)))
                best = candidate;
        }

        return best is not null && Work(Encoding(graph, best)) >= LeastShare * Work(graph) ? best : null;
    }

    /// <summary>
    /// Where another program of the same model has the features of a training step: it may be cut there, however much later it could be.
    /// Null where it computes them otherwise, or needs more of an image.
    /// </summary>
    public static Value? FindSame(DataflowGraph graph, Value features, ValueNumbering numbering)
    {
        numbering.Add(graph.Nodes);
        HashSet<Value> ofImage = Activity.OfImages(graph.Nodes);
        return graph.Nodes.SelectMany(n => n.Outputs).OfType<Value>().FirstOrDefault(
            v => numbering[v] == numbering[features] && graph.Results.All(r => PassesThrough(r.Value, v, ofImage)));
    }

    /// <summary>The part that computes the features.</summary>
    public static DataflowGraph Encoding(DataflowGraph graph, Value features) =>
        RemoveDead.Run(new DataflowGraph(graph.Nodes, [new(ResultRole.Features, features)]));

    /// <summary>The part that starts from the features.</summary>
    public static DataflowGraph FromFeatures(DataflowGraph graph, Value features)
    {
        var rewriter = new GraphRewriter();
        rewriter.Builder.Scope = new("features", -1, Backward: false);
        Value read = rewriter.Builder.One(new ReadFeatures(features.Shape.Rows, features.Shape.Columns), [], "features");
        foreach (Node node in graph.Nodes)
        {
            rewriter.Copy(node);
            if (ReferenceEquals(node, features.Producer))
                rewriter[features] = read;
        }

        return RemoveDead.Run(rewriter.Build(graph));
    }

    /// <summary>Whether nothing but the features leads from the images to the value.</summary>
    private static bool PassesThrough(Value value, Value features, HashSet<Value> ofImage)
    {
        var pending = new Stack<Value>([value]);
        var seen = new HashSet<Value>();
        while (pending.Count > 0)
        {
            Value current = pending.Pop();
            if (ReferenceEquals(current, features) || !ofImage.Contains(current) || !seen.Add(current))
                continue;
            if (current.Producer.Operation is ReadImages)
                return false;
            foreach (Value input in current.Producer.Inputs)
                pending.Push(input);
        }

        return true;
    }

    private static double Work(DataflowGraph graph) => graph.Nodes.Sum(n => (double)n.FloatingPointOperations);
}
