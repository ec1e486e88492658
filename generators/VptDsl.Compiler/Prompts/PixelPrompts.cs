using VptDsl.Compiler.Backbones;
using VptDsl.Compiler.Common;
using VptDsl.Compiler.Graph;
using VptDsl.Compiler.Graph.Operations;
using VptDsl.Compiler.Spec;

namespace VptDsl.Compiler.Prompts;

/// <summary>Prompts among the pixels of an image, before the backbone sees it.</summary>
internal static class PixelPrompts
{
    private static readonly double[] ImageNetMean = [0.485, 0.456, 0.406];
    private static readonly double[] ImageNetDeviation = [0.229, 0.224, 0.225];

    /// <summary>The images of the batch with their prompts, [batch, channels * size, size], and their new size.</summary>
    public static (Value Images, int Size) Read(GraphBuilder graph, ParameterFactory parameters, BackboneSpec backbone, PromptSpec? prompts)
    {
        Value images = graph.Images(backbone.Channels, backbone.Image);
        return prompts switch
        {
            null => (images, backbone.Image),
            PadPromptSpec pad => Pad(graph, parameters, backbone, pad, images),
            _ => throw new ArgumentOutOfRangeException(nameof(prompts), prompts, "These prompts are no pixels."),
        };
    }

    private static (Value Images, int Size) Pad(
        GraphBuilder graph, ParameterFactory parameters, BackboneSpec backbone, PadPromptSpec pad, Value images)
    {
        int channels = backbone.Channels, image = backbone.Image, border = 2 * pad.Pixels, size = image + border;
        Initializer initializer = pad.Start == PixelStart.Colours ? new(Distribution.Fraction, 1) : new(Distribution.Normal, 1);
        Parameter topBottom = parameters.Declare("prompts.tb", ParameterKind.Prompt, initializer, channels, border, size);
        Parameter leftRight = parameters.Declare("prompts.lr", ParameterKind.Prompt, initializer, channels, image, border);
        Value Normalized(Parameter pixels, int lines, string name)
        {
            Value value = graph.Read(pixels.AsMatrix(channels * lines));
            return pad.Start == PixelStart.Colours ? Normalize(graph, value, name) : value;
        }

        Value above = Normalized(topBottom, border, "topBottom"), beside = Normalized(leftRight, image, "leftRight");
        return (graph.PadImages(images, above, beside, channels, image, pad.Pixels, "padded"), size);
    }

    /// <summary>Colours as the images have them after normalisation: (colour - mean) / deviation of ImageNet.</summary>
    public static Value Normalize(GraphBuilder graph, Value colours, string name)
    {
        double[] scales = [.. ImageNetDeviation.Select(d => 1 / d)];
        double[] shifts = [.. ImageNetMean.Zip(ImageNetDeviation, (m, d) => -m / d)];
        return graph.One(new AffineChannels(EquatableArray.Of(scales), EquatableArray.Of(shifts)), [colours], name);
    }
}
