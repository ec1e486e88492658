using VptDsl.Compiler.Backbones;
using VptDsl.Compiler.Graph;
using VptDsl.Compiler.Spec;

namespace VptDsl.Compiler.Prompts;

/// <summary>
/// Prompts joined to the sequence before some layers (paper, section 3.2): before layer 0 alone they are VPT-shallow, before every
/// layer VPT-deep. They enter after the position embedding, have none, and replace the outputs of the prompts before them.
/// </summary>
/// <param name="spec">The prompts.</param>
/// <param name="table">The prompts of each layer.</param>
internal sealed class PrependedPrompts(TokenPromptSpec spec, PromptTable table) : PromptScheme
{
    public override TokenSequence BeforeLayer(GraphBuilder graph, int layer, TokenSequence tokens)
    {
        if (!spec.Layers.Contains(layer))
            return spec.Flow == PromptFlow.Drop ? tokens with { Prompts = null } : tokens;

        return tokens with { Prompts = table.Read(graph, layer, tokens.Image.Shape.Columns) };
    }
}
