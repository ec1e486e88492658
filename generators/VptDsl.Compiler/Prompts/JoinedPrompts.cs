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

        Value sequence = tokens.Image;
        int first = leading + (_areInside ? spec.Tokens : 0);
        Value[] before = leading == 0 ? [] : [graph.Rows(sequence, 0, leading, "prefixTokens")];
        Value patches = graph.Rows(sequence, first, sequence.Shape.Rows - first, "patchTokens");
        Value[] prompts = isPrompted ? [table.Read(graph, layer, sequence.Shape.Columns)] : [];
        _areInside = isPrompted;
        return new(graph.ConcatRows([.. before, .. prompts, patches], "tokens"), null);
    }
}
