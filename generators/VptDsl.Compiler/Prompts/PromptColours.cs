using VptDsl.Compiler.Common;
using VptDsl.Compiler.Graph;
using VptDsl.Compiler.Graph.Operations;

namespace VptDsl.Compiler.Prompts;

/// <summary>Learned colours, from 0 to 1, as the images have them after normalisation: (colour - mean) / deviation of ImageNet.</summary>
internal static class PromptColours
{
    private static readonly double[] Mean = [0.485, 0.456, 0.406];
    private static readonly double[] Deviation = [0.229, 0.224, 0.225];

    /// <summary>Red, green and blue, one channel below the other.</summary>
    public static Value Normalize(GraphBuilder graph, Value colours, string name) => Normalize(graph, colours, Mean, Deviation, name);

    /// <summary>Channels that are no colour of the three: each has the average of their means and that of their deviations.</summary>
    public static Value NormalizeAlike(GraphBuilder graph, Value planes, int channels, string name) => Normalize(
        graph, planes, [.. Enumerable.Repeat(Mean.Average(), channels)], [.. Enumerable.Repeat(Deviation.Average(), channels)], name);

    private static Value Normalize(GraphBuilder graph, Value colours, double[] means, double[] deviations, string name)
    {
        double[] scales = [.. deviations.Select(d => 1 / d)];
        double[] shifts = [.. means.Zip(deviations, (m, d) => -m / d)];
        return graph.One(new AffineChannels(EquatableArray.Of(scales), EquatableArray.Of(shifts)), [colours], name);
    }
}
