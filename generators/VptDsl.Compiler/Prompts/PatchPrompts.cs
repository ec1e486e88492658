using VptDsl.Compiler.Backbones;
using VptDsl.Compiler.Graph;
using VptDsl.Compiler.Graph.Operations;
using VptDsl.Compiler.Spec;
using VptDsl.Programs;

namespace VptDsl.Compiler.Prompts;

/// <summary>
/// Patches of learned pixels that the backbone's patch embedding makes tokens of: the paper's ablation "prepend-pixel". They get no
/// positions, and no image has a part in them.
/// </summary>
internal sealed class PatchPrompts(PatchPromptSpec spec, VitSpec vit, ParameterFactory parameters) : PromptScheme
{
    public override TokenSequence Enter(GraphBuilder graph, TokenSequence tokens, Func<Value, string, Value> patchEmbedding)
    {
        Initializer initializer = spec.Start switch
        {
            PatchStart.Colours => new(Distribution.Fraction, 1),
            PatchStart.Normal => new(Distribution.Normal, 1),
            _ => new(Distribution.Uniform, PromptTable.Limit(vit.Patch, vit.Width)),
        };
        Parameter pixels = parameters.Declare(
            "prompts.pixels", ParameterKind.Prompt, initializer, spec.Tokens, vit.Channels, vit.Patch.Height, vit.Patch.Width);
        return tokens with { Prompts = patchEmbedding(Read(graph, pixels), "promptTokens") };
    }

    /// <summary>The patches, one a row. Colours are brought together channel by channel to be normalised, and back.</summary>
    private Value Read(GraphBuilder graph, Parameter pixels)
    {
        Value patches = graph.Read(pixels.AsMatrix(spec.Tokens));
        if (spec.Start != PatchStart.Colours)
            return patches;
        int tokens = spec.Tokens, channels = vit.Channels, area = vit.Patch.Count;
        Value byPixel = graph.One(new SwapAxes(tokens, channels, area, tokens), [patches], "promptPixels");
        Value byChannel = graph.One(new SwapAxes(1, tokens * area, channels, channels), [byPixel], "promptChannels");
        Value normalized = PromptColours.Normalize(graph, byChannel, "normalizedChannels");
        Value back = graph.One(new SwapAxes(1, channels, tokens * area, tokens), [normalized], "normalizedPixels");
        return graph.One(new SwapAxes(tokens, area, channels, tokens), [back], "normalizedPatches");
    }
}
