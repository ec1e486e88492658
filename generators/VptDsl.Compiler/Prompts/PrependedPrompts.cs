using VptDsl.Compiler.Backbones;
using VptDsl.Compiler.Graph;
using VptDsl.Compiler.Spec;

namespace VptDsl.Compiler.Prompts;

/// <summary>
/// Prompts joined to the sequence before some layers (paper, section 3.2): before layer 0 alone they are VPT-shallow, before every
/// layer VPT-deep. They enter after the position embedding, have none, and replace the outputs of the prompts before them.
/// </summary>
/// <param name="spec">The prompts.</param>
/// <param name="limit">Half the range that they are drawn from, the same in every layer.</param>
/// <param name="parameters">Where they are declared.</param>
internal sealed class PrependedPrompts(TokenPromptSpec spec, double limit, ParameterFactory parameters) : PromptScheme
{
    public override TokenSequence BeforeLayer(GraphBuilder graph, int layer, TokenSequence tokens)
    {
        if (!spec.Layers.Contains(layer))
            return spec.Flow == PromptFlow.Drop ? tokens with { Prompts = null } : tokens;

        return tokens with { Prompts = Declare(graph, parameters, spec, limit, layer, tokens.Image.Shape.Columns) };
    }

    /// <summary>Half the range that prompts are drawn from. As in the paper's code, it does not depend on the channels.</summary>
    /// <param name="patch">The side of a patch in pixels.</param>
    /// <param name="width">The width of the patches' embedding.</param>
    public static double Limit(int patch, int width) => Math.Sqrt(6.0 / ((3.0 * patch * patch) + width));

    /// <summary>The prompts of a layer, [tokens, width].</summary>
    public static Value Declare(GraphBuilder graph, ParameterFactory parameters, TokenPromptSpec spec, double limit, int layer, int width)
    {
        Parameter prompts = parameters.Declare(
            $"prompts.{layer}", ParameterKind.Prompt, new(Distribution.Uniform, limit), spec.Tokens, width);
        return graph.Read(prompts.AsMatrix(spec.Tokens));
    }
}
