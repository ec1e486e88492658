using VptDsl.Compiler.Graph;
using VptDsl.Compiler.Graph.Operations;
using VptDsl.Compiler.Spec;
using VptDsl.Programs;

namespace VptDsl.Compiler.Backbones;

/// <summary>
/// The segmentation decoders of SETR (Zheng et al., 2021) on maps of patch tokens: convolutions, norms, ReLU and bilinear enlargement
/// up to a row of logits for each pixel of the image.
/// </summary>
/// <remarks>
/// The classes are told apart before the last enlargement rather than after it, as the paper draws it. That is the same function at a
/// fraction of the work: a 1×1 convolution takes each pixel by itself, interpolation each channel, and its weights sum to 1.
/// </remarks>
internal sealed class SetrHead(GraphBuilder graph, ParameterFactory parameters, SegmentationHeadSpec head, VitSpec vit)
{
    // PyTorch's, which SETR's authors keep.
    private const double Epsilon = 1e-5, Momentum = 0.1;

    // As SETR's authors draw it: small, so that training starts from equal classes.
    private const double ClassDeviation = 0.01;

    /// <summary>The layers whose tokens a decoder reads, ascending.</summary>
    public static int[] LayersOf(SegmentationHeadSpec head, int layers) => head.Decoder == SetrDecoder.Mla
        ? [.. Enumerable.Range(1, SegmentationHeadSpec.Streams).Select(i => (layers * i / SegmentationHeadSpec.Streams) - 1)]
        : [layers - 1];

    /// <summary>The logits of every pixel, [batch, image * image, classes], from maps [batch, patches, width] of the layers.</summary>
    public Value Build(IReadOnlyList<Value> maps)
    {
        var last = new Map(maps[maps.Count - 1], vit.Grid.Height);
        Map decoded = head.Decoder switch
        {
            SetrDecoder.Linear => last,
            SetrDecoder.Naive => Block("head.0", last, head.Width, kernel: 1, "decoded"),
            SetrDecoder.Pup => Progressive(last),
            SetrDecoder.Mla => Aggregated(maps),
            _ => throw new ArgumentOutOfRangeException(nameof(maps), head.Decoder, "This decoder has no builder."),
        };
        Map classes = Convolve("head", decoded, head.Classes, 1, ClassDeviation, hasBias: true, "classScores");
        if (head.Decoder == SetrDecoder.Mla && vit.Patch.Height % 4 == 0)
            classes = Enlarge(classes, 4, "enlargedScores");
        return Enlarge(classes, vit.Image.Height / classes.Side, "logits").Pixels;
    }

    private Map Progressive(Map map)
    {
        for (int stage = 0; stage < SegmentationHeadSpec.Stages; stage++)
        {
            map = Block($"head.{stage}", map, head.Width, kernel: 3, "decoded");
            bool isLast = stage == SegmentationHeadSpec.Stages - 1;
            if (!isLast && vit.Image.Height / map.Side % SegmentationHeadSpec.Step == 0)
                map = Enlarge(map, SegmentationHeadSpec.Step, "enlarged");
        }

        return map;
    }

    private Map Aggregated(IReadOnlyList<Value> maps)
    {
        var streams = new Value[maps.Count];
        Value? above = null;
        int side = vit.Grid.Height, half = Math.Max(1, head.Width / 2);
        for (int i = maps.Count - 1; i >= 0; i--)
        {
            Map reduced = Block($"head.{i}.0", new(maps[i], side), head.Width, kernel: 1, "reduced");
            above = above is null ? reduced.Pixels : graph.Add(reduced.Pixels, above, "aggregated");
            Map stream = Block($"head.{i}.1", new(above, side), head.Width, kernel: 3, "stream");
            stream = Block($"head.{i}.2", stream, half, kernel: 3, "narrowed");
            streams[i] = Block($"head.{i}.3", stream, half, kernel: 3, "decoded").Pixels;
        }

        return new(graph.ConcatColumns(streams, "streams"), side);
    }

    /// <summary>Convolution, batch normalisation, ReLU. The norm takes away what a bias would add, so there is none.</summary>
    private Map Block(string name, Map map, int outputs, int kernel, string what)
    {
        double deviation = Math.Sqrt(2.0 / ((double)outputs * kernel * kernel));
        Map convolved = Convolve(name + ".conv", map, outputs, kernel, deviation, hasBias: false, what + "Convolved");
        Value normalized = Normalize(name + ".norm", convolved.Pixels, what + "Normalized");
        return convolved with { Pixels = graph.Activate(ActivationKind.Relu, normalized, what) };
    }

    private Map Convolve(string name, Map map, int outputs, int kernel, double deviation, bool hasBias, string what)
    {
        var patches = new SlidingPatch(map.Side, kernel, Stride: 1, Padding: kernel / 2);
        Parameter weight = parameters.Declare(
            name + ".weight", ParameterKind.Head, new(Distribution.Normal, deviation), outputs, map.Pixels.Shape.Columns, kernel, kernel);
        Value? bias = hasBias
            ? graph.ReadRow(parameters.Declare(name + ".bias", ParameterKind.Head, new(Distribution.Constant, 0), outputs))
            : null;
        return map with { Pixels = Convolution.Convolve(graph, map.Pixels, patches, graph.Read(weight.AsMatrix(outputs)), bias, what) };
    }

    private Value Normalize(string name, Value x, string what)
    {
        int width = x.Shape.Columns;
        Parameter gamma = parameters.Declare(name + ".weight", ParameterKind.Head, new(Distribution.Constant, 1), width);
        Parameter beta = parameters.Declare(name + ".bias", ParameterKind.Head, new(Distribution.Constant, 0), width);
        Parameter mean = parameters.Measured(name + ".running_mean", ParameterKind.Head, 0, width);
        Parameter variance = parameters.Measured(name + ".running_var", ParameterKind.Head, 1, width);
        return graph.BatchNorm(x, gamma, beta, mean, variance, Epsilon, Momentum, what);
    }

    private Map Enlarge(Map map, int factor, string name) =>
        factor == 1 ? map : new(graph.One(new Upsample(map.Side, factor), [map.Pixels], name), map.Side * factor);

    /// <summary>A square map.</summary>
    /// <param name="Pixels">[batch, side * side, channels].</param>
    /// <param name="Side">Its height and width.</param>
    private sealed record Map(Value Pixels, int Side);
}
