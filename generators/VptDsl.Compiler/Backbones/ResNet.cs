using VptDsl.Compiler.Graph;
using VptDsl.Compiler.Graph.Operations;
using VptDsl.Compiler.Prompts;
using VptDsl.Compiler.Spec;
using VptDsl.Programs;

namespace VptDsl.Compiler.Backbones;

/// <summary>
/// The residual network of He et al. (2016) as torchvision has it, with its names: a 7×7 stem, four stages of basic or bottleneck
/// blocks, the mean over the last map. Batch normalisation uses frozen statistics, so it is part of the convolution before it.
/// </summary>
internal static class ResNet
{
    private static readonly string[] Stages = ["firstStage", "secondStage", "thirdStage", "fourthStage"];

    /// <summary>Builds the backbone and returns the features that the head reads, [batch, 1, width].</summary>
    public static Value Build(GraphBuilder graph, ParameterFactory parameters, ResNetSpec spec, PromptScheme prompts)
    {
        graph.Scope = new("stem", -1, Backward: false);
        (Value images, PlaneSize size) = prompts.Images(graph, parameters, spec);
        var map = new Map(Convolution.ToPixels(graph, images, spec.Channels, size), size.Height);
        map = Rectify(
            graph,
            Convolve(
                graph, parameters, "conv1", "bn1", map, spec.Stem.Width, spec.Stem.Kernel.Height, spec.Stem.Stride.Height, "stem",
                prompts),
            "stemActivated");
        var pool = new SlidingPatch(map.Size, Kernel: 3, Stride: 2, Padding: 1);
        map = new(graph.One(new MaxPool(pool), [map.Value], "map"), pool.Side);
        for (int stage = 0; stage < spec.Depths.Count; stage++)
        {
            for (int block = 0; block < spec.Depths[stage]; block++)
            {
                graph.Scope = new(Stages[stage], block, Backward: false);
                map = Block(graph, parameters, spec, stage, block, map);
            }
        }

        graph.Scope = new("head", -1, Backward: false);
        return graph.MeanRows(map.Value, "features");
    }

    private static Map Block(GraphBuilder graph, ParameterFactory parameters, ResNetSpec spec, int stage, int block, Map map)
    {
        string name = $"layer{stage + 1}.{block}.";
        int width = spec.Widths[stage], outputs = width * spec.Expansion, stride = ResNetSpec.StrideOf(stage, block);
        Map Convolved(int number, Map input, int channels, int kernel, int step) =>
            Convolve(
                graph, parameters, $"{name}conv{number}", $"{name}bn{number}", input, channels, kernel, step, $"convolved{number}",
                PromptScheme.None);

        Map branch;
        if (spec.HasBottlenecks)
        {
            branch = Rectify(graph, Convolved(1, map, width, 1, 1), "activated1");
            branch = Rectify(graph, Convolved(2, branch, width, 3, stride), "activated2");
            branch = Convolved(3, branch, outputs, 1, 1);
        }
        else
        {
            branch = Rectify(graph, Convolved(1, map, width, 3, stride), "activated1");
            branch = Convolved(2, branch, outputs, 3, 1);
        }

        Map shortcut = spec.HasShortcutConvolution(stage, block)
            ? Convolve(
                graph, parameters, name + "downsample.0", name + "downsample.1", map, outputs, 1, stride, "shortcut", PromptScheme.None)
            : map;
        return Rectify(graph, branch with { Value = graph.Add(branch.Value, shortcut.Value, "sum") }, "map");
    }

    /// <summary>A convolution and the batch normalisation of its outputs.</summary>
    private static Map Convolve(
        GraphBuilder graph,
        ParameterFactory parameters,
        string name,
        string norm,
        Map map,
        int outputs,
        int kernel,
        int stride,
        string what,
        PromptScheme prompts)
    {
        int inputs = map.Value.Shape.Columns;
        var patches = new SlidingPatch(map.Size, kernel, stride, kernel / 2);
        Parameter weight = parameters.Declare(
            name + ".weight", ParameterKind.Backbone, new(Distribution.Normal, Math.Sqrt(2.0 / (patches.Taps * outputs))), outputs, inputs,
            kernel, kernel);
        Value gamma = graph.ReadRow(parameters.Scale(norm + ".weight", outputs)),
            beta = graph.ReadRow(parameters.Bias(norm + ".bias", outputs));
        Value mean = graph.ReadRow(parameters.Statistic(norm + ".running_mean", 0, outputs));
        Value variance = graph.ReadRow(parameters.Statistic(norm + ".running_var", 1, outputs));
        Value folded = Fold(graph.Read(weight.AsMatrix(outputs)), what + "Weight");
        Value bias = graph.One(new FoldedBias(ResNetSpec.Epsilon), [gamma, beta, mean, variance], what + "Bias");
        return new(prompts.Embedded(graph, Convolution.Convolve(graph, map.Value, patches, folded, bias, what), Fold), patches.Side);

        Value Fold(Value unfolded, string result) => graph.One(new FoldedWeight(ResNetSpec.Epsilon), [unfolded, gamma, variance], result);
    }

    private static Map Rectify(GraphBuilder graph, Map map, string name) =>
        map with { Value = graph.Activate(ActivationKind.Relu, map.Value, name) };

    /// <summary>A square map of pixels.</summary>
    private sealed record Map(Value Value, int Size);
}
