using VptDsl.Compiler.Backbones;
using VptDsl.Compiler.Graph;
using VptDsl.Compiler.Spec;

namespace VptDsl.Compiler.Prompts;

/// <summary>Learned pixels around every image of a vision transformer, which then has more patches.</summary>
internal sealed class PaddedImages(PadPromptSpec spec) : PromptScheme
{
    public override (Value Images, int Size) Images(GraphBuilder graph, ParameterFactory parameters, VitSpec vit) =>
        PixelPrompts.Read(graph, parameters, vit, spec);
}
