using VptDsl.Compiler.Backbones;
using VptDsl.Compiler.Graph;
using VptDsl.Compiler.Spec;

namespace VptDsl.Compiler.Prompts;

/// <summary>
/// The same prompts as <see cref="PrependedPrompts"/> the way an eager framework runs them: one sequence [class, prompts, patches] for
/// each image, pushed through every sub-layer as a whole. It is what the compiler's work is measured against, and checked against.
/// </summary>
/// <param name="spec">The prompts.</param>
/// <param name="leading">Tokens in front of the prompts, such as a class token.</param>
/// <param name="table">The prompts of each layer.</param>
internal sealed class JoinedPrompts(TokenPromptSpec spec, int leading, PromptTable table) : PromptScheme
{
    private bool _areInside;

    public override TokenSequence BeforeLayer(GraphBuilder graph, int layer, TokenSequence tokens)
    {
        bool isPrompted = spec.Layers.Contains(layer);
        if (!isPrompted && (!_areInside || spec.Flow == PromptFlow.Carry))
            return tokens;

        int present = _areInside ? spec.Tokens : 0;
        Value? prompts = isPrompted ? table.Read(graph, layer, tokens.Image.Shape.Columns) : null;
        _areInside = isPrompted;
        return new(TokenSequence.WithPrompts(graph, tokens.Image, leading, present, prompts), null);
    }
}
