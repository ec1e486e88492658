using VptDsl.Compiler.Graph;
using VptDsl.Compiler.Graph.Operations;
using VptDsl.Compiler.Prompts;
using VptDsl.Compiler.Spec;
using VptDsl.Programs;

namespace VptDsl.Compiler.Backbones;

/// <summary>
/// The ConvNeXt of Liu et al. (2022): a stem of 4×4 patches, four stages of blocks with 2×2 convolutions between them, the mean over
/// the last map, a final norm. Parameters have the names of the authors' checkpoints.
/// </summary>
internal static class ConvNeXt
{
    /// <summary>Where training from scratch begins: blocks are all but absent.</summary>
    private const double LayerScale = 1e-6;

    private static readonly string[] Stages = ["firstStage", "secondStage", "thirdStage", "fourthStage"];

    /// <summary>Builds the backbone and returns the features that the head reads, [batch, 1, width].</summary>
    public static Value Build(GraphBuilder graph, ParameterFactory parameters, ConvNeXtSpec spec, PromptScheme prompts)
    {
        graph.Scope = new("stem", -1, Backward: false);
        (Value images, PlaneSize size) = prompts.Images(graph, parameters, spec);
        Value map = Convolution.ToPixels(graph, images, spec.Channels, size);
        var patches = new SlidingPatch(size.Height, ConvNeXtSpec.Patch, ConvNeXtSpec.Patch, Padding: 0);
        map = Convolve(graph, parameters, "downsample_layers.0.0", map, patches, spec.Widths[0], "embedded");
        map = prompts.Embedded(graph, map);
        map = Normalize(graph, parameters, "downsample_layers.0.1", map, "map");
        for (int stage = 0; stage < spec.Depths.Count; stage++)
        {
            if (stage > 0)
            {
                graph.Scope = new(Stages[stage] + "Downsampling", -1, Backward: false);
                map = Normalize(graph, parameters, $"downsample_layers.{stage}.0", map, "normalized");
                patches = new SlidingPatch(patches.Side, Kernel: 2, Stride: 2, Padding: 0);
                map = Convolve(graph, parameters, $"downsample_layers.{stage}.1", map, patches, spec.Widths[stage], "map");
            }

            for (int block = 0; block < spec.Depths[stage]; block++)
            {
                graph.Scope = new(Stages[stage], block, Backward: false);
                map = Block(graph, parameters, $"stages.{stage}.{block}", patches.Side, map);
            }
        }

        graph.Scope = new("head", -1, Backward: false);
        return Normalize(graph, parameters, "norm", graph.MeanRows(map, "pooled"), "features");
    }

    private static Value Block(GraphBuilder graph, ParameterFactory parameters, string name, int size, Value map)
    {
        const int kernel = ConvNeXtSpec.Kernel;
        int width = map.Shape.Columns, hidden = 4 * width;
        Value gamma = graph.ReadRow(parameters.Declare(
            name + ".gamma", ParameterKind.Backbone, new(Distribution.Constant, LayerScale), width));
        Value kernels = graph.Read(parameters.Weight(name + ".dwconv.weight", width, 1, kernel, kernel).AsMatrix(width));
        Value kernelBias = graph.ReadRow(parameters.Bias(name + ".dwconv.bias", width));
        Value byTap = graph.One(new SwapAxes(1, width, kernel * kernel, kernel * kernel), [kernels], "kernelsByTap");
        Value mixed = graph.One(new DepthwiseConvolution(size, kernel), [map, byTap, kernelBias], "mixed");
        Value normalized = Normalize(graph, parameters, name + ".norm", mixed, "normalized");
        Value activated = graph.Activate(
            ActivationKind.Gelu, Linear(graph, parameters, name + ".pwconv1", normalized, hidden, "hidden"), "activated");
        Value output = Linear(graph, parameters, name + ".pwconv2", activated, width, "mlpOutput");
        return graph.Add(graph.One(new ScaleColumns(Residual: false), [output, gamma], "scaled"), map, "map");
    }

    private static Value Convolve(
        GraphBuilder graph, ParameterFactory parameters, string name, Value map, SlidingPatch patches, int outputs, string what)
    {
        Parameter weight = parameters.Weight(name + ".weight", outputs, map.Shape.Columns, patches.Kernel, patches.Kernel);
        Value bias = graph.ReadRow(parameters.Bias(name + ".bias", outputs));
        return Convolution.Convolve(graph, map, patches, graph.Read(weight.AsMatrix(outputs)), bias, what);
    }

    private static Value Linear(GraphBuilder graph, ParameterFactory parameters, string name, Value x, int outputs, string what)
    {
        Value weight = graph.Read(parameters.Weight(name + ".weight", outputs, x.Shape.Columns).AsMatrix(outputs));
        return graph.Linear(x, weight, graph.ReadRow(parameters.Bias(name + ".bias", outputs)), what);
    }

    private static Value Normalize(GraphBuilder graph, ParameterFactory parameters, string name, Value x, string what)
    {
        Value gamma = graph.ReadRow(parameters.Scale(name + ".weight", x.Shape.Columns));
        return graph.LayerNorm(x, gamma, graph.ReadRow(parameters.Bias(name + ".bias", x.Shape.Columns)), ConvNeXtSpec.Epsilon, what);
    }
}
