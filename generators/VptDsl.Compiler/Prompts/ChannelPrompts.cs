using VptDsl.Compiler.Backbones;
using VptDsl.Compiler.Graph;
using VptDsl.Compiler.Graph.Operations;
using VptDsl.Compiler.Spec;
using VptDsl.Programs;

namespace VptDsl.Compiler.Prompts;

/// <summary>
/// Learned channels beside the image's colours: the paper's ablation "concat-channel". The first convolution over all channels together
/// is the sum of that over the colours and that over the learned channels, which depends on no image.
/// </summary>
/// <remarks>
/// As in the public code, channels that become patches stand for normalised colours as they are, and those of a convolution that reads
/// pixels more than once are colours, which are normalised.
/// </remarks>
internal sealed class ChannelPrompts(ChannelPromptSpec spec, BackboneSpec backbone, ParameterFactory parameters) : PromptScheme
{
    private readonly StemSpec _stem = backbone.Stem;

    public override Value Embedded(GraphBuilder graph, Value map, Func<Value, string, Value>? scaled = null)
    {
        Value embedded = _stem.CutsPatches ? OfPatches(graph, scaled) : OfPixels(graph, scaled);
        return graph.Add(map, embedded, "embeddedWithChannels");
    }

    private Value OfPatches(GraphBuilder graph, Func<Value, string, Value>? scaled)
    {
        int patches = backbone.Image.Over(_stem.Kernel).Count;
        double limit = PromptTable.Limit(_stem.Kernel, _stem.Width);
        Parameter channels = parameters.Declare(
            "prompts.channels", ParameterKind.Prompt, new(Distribution.Uniform, limit), patches, spec.Channels, _stem.Kernel.Height,
            _stem.Kernel.Width);
        Value weight = Weight(graph, limit, scaled);
        return graph.Multiply(ProductLayout.NT, graph.Read(channels.AsMatrix(patches)), weight, "embeddedChannels");
    }

    private Value OfPixels(GraphBuilder graph, Func<Value, string, Value>? scaled)
    {
        PlaneSize image = backbone.Image;
        Parameter channels = parameters.Declare(
            "prompts.channels", ParameterKind.Prompt, new(Distribution.Fraction, 1), spec.Channels, image.Height, image.Width);
        Value planes = PromptColours.NormalizeAlike(
            graph, graph.Read(channels.AsMatrix(spec.Channels * image.Height)), spec.Channels, "channels");
        Value pixels = Convolution.ToPixels(graph, planes, spec.Channels, image);

        // Xavier's interval for the whole convolution, colours included.
        Value weight = Weight(graph, Math.Sqrt(6 / (_stem.Kernel.Area * (backbone.Channels + spec.Channels + _stem.Width))), scaled);
        var patches = new SlidingPatch(image.Height, _stem.Kernel.Height, _stem.Stride.Height, _stem.Kernel.Height / 2);
        return Convolution.Convolve(graph, pixels, patches, weight, null, "embeddedChannels");
    }

    private Value Weight(GraphBuilder graph, double limit, Func<Value, string, Value>? scaled)
    {
        Value weight = graph.Read(parameters.Declare(
            "prompts.embedding.weight", ParameterKind.Prompt, new(Distribution.Uniform, limit), _stem.Width, spec.Channels,
            _stem.Kernel.Height, _stem.Kernel.Width)
            .AsMatrix(_stem.Width));
        return scaled is null ? weight : scaled(weight, "channelWeight");
    }
}
