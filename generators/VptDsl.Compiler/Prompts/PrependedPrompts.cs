using VptDsl.Compiler.Backbones;
using VptDsl.Compiler.Graph;
using VptDsl.Compiler.Spec;

namespace VptDsl.Compiler.Prompts;

/// <summary>
/// Prompts joined to the sequence before some layers (paper, section 3.2): before layer 0 alone they are VPT-shallow, before every
/// layer VPT-deep. They enter after the position embedding, have none, and replace the outputs of the prompts before them.
/// </summary>
internal sealed class PrependedPrompts(TokenPromptSpec spec, VitSpec vit, ParameterFactory parameters) : PromptScheme
{
    public override TokenSequence BeforeLayer(GraphBuilder graph, int layer, TokenSequence tokens)
    {
        if (!spec.Layers.Contains(layer))
            return spec.Flow == PromptFlow.Drop ? tokens with { Prompts = null } : tokens;

        return tokens with { Prompts = Declare(graph, parameters, spec, vit, layer) };
    }

    /// <summary>The prompts of a layer, [tokens, width].</summary>
    public static Value Declare(GraphBuilder graph, ParameterFactory parameters, TokenPromptSpec spec, VitSpec vit, int layer)
    {
        // The paper's code draws from ±sqrt(6 / (3·patch² + width)), whatever the number of channels.
        double limit = Math.Sqrt(6.0 / ((3.0 * vit.Patch * vit.Patch) + vit.Width));
        Parameter prompts = parameters.Declare(
            $"prompts.{layer}", ParameterKind.Prompt, new(Distribution.Uniform, limit), spec.Tokens, vit.Width);
        return graph.Read(prompts.AsMatrix(spec.Tokens));
    }
}
