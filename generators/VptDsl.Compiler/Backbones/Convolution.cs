using VptDsl.Compiler.Graph;
using VptDsl.Compiler.Graph.Operations;

namespace VptDsl.Compiler.Backbones;

/// <summary>Convolutions over maps of pixels [batch, pixels, channels], as products of patches and weights.</summary>
internal static class Convolution
{
    /// <summary>Planes of colours, [batch, channels * height, width], as a map of pixels.</summary>
    public static Value ToPixels(GraphBuilder graph, Value images, int channels, PlaneSize size) =>
        graph.One(new SwapAxes(1, channels, size.Count, size.Count), [images], "pixels");

    /// <summary>A convolution, with or without a bias.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="map">[batch, pixels, inputs].</param>
    /// <param name="patches">How patches slide over the map.</param>
    /// <param name="weight">As files have it: [outputs, inputs * taps].</param>
    /// <param name="bias">[1, outputs], if it has one.</param>
    /// <param name="name">What the result is.</param>
    public static Value Convolve(GraphBuilder graph, Value map, SlidingPatch patches, Value weight, Value? bias, string name)
    {
        bool isLinear = patches is { Kernel: 1, Stride: 1, Padding: 0 };
        Value input = isLinear ? map : graph.One(new ExtractSlidingPatches(patches), [map], name + "Patches");
        Value byPixel = ByPixel(graph, weight, map.Shape.Columns, patches.Taps);
        return bias is null ? graph.Multiply(ProductLayout.NT, input, byPixel, name) : graph.Linear(input, byPixel, bias, name);
    }

    /// <summary>A weight in the order of patches: the inputs of each tap together.</summary>
    private static Value ByPixel(GraphBuilder graph, Value weight, int inputs, int taps) => taps == 1 || inputs == 1
        ? weight
        : graph.One(new SwapAxes(weight.Shape.Rows, inputs, taps, weight.Shape.Rows), [weight], weight.Name + "ByPixel");
}
