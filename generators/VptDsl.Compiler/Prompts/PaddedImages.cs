using VptDsl.Compiler.Backbones;
using VptDsl.Compiler.Graph;
using VptDsl.Compiler.Spec;
using VptDsl.Programs;

namespace VptDsl.Compiler.Prompts;

/// <summary>Learned pixels around every image, of which the backbone then has a larger one.</summary>
internal sealed class PaddedImages(PadPromptSpec spec) : PromptScheme
{
    public override (Value Images, PlaneSize Size) Images(GraphBuilder graph, ParameterFactory parameters, BackboneSpec backbone)
    {
        Value images = graph.Images(backbone.Channels, backbone.Image);
        int channels = backbone.Channels, border = 2 * spec.Pixels;
        PlaneSize image = backbone.Image, size = image.Bordered(spec.Pixels);
        Initializer initializer = spec.Start == PixelStart.Colours ? new(Distribution.Fraction, 1) : new(Distribution.Normal, 1);
        Parameter topBottom = parameters.Declare("prompts.tb", ParameterKind.Prompt, initializer, channels, border, size.Width);
        Parameter leftRight = parameters.Declare("prompts.lr", ParameterKind.Prompt, initializer, channels, image.Height, border);
        Value above = Normalized(topBottom, border, "topBottom"), beside = Normalized(leftRight, image.Height, "leftRight");
        return (graph.PadImages(images, above, beside, channels, image, spec.Pixels, "padded"), size);

        Value Normalized(Parameter pixels, int lines, string name)
        {
            Value value = graph.Read(pixels.AsMatrix(channels * lines));
            return spec.Start == PixelStart.Colours ? PromptColours.Normalize(graph, value, name) : value;
        }
    }
}
