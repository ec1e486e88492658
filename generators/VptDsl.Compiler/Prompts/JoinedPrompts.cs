using VptDsl.Compiler.Backbones;
using VptDsl.Compiler.Graph;
using VptDsl.Compiler.Spec;

namespace VptDsl.Compiler.Prompts;

/// <summary>
/// The same prompts as <see cref="PrependedPrompts"/> the way an eager framework runs them: one sequence [class, prompts, patches] for
/// each image, pushed through every sub-layer as a whole. It is what the compiler's work is measured against, and checked against.
/// </summary>
internal sealed class JoinedPrompts(TokenPromptSpec spec, VitSpec vit, PromptTable table) : PromptScheme
{
    private bool _areInside;

    public override TokenSequence BeforeLayer(GraphBuilder graph, int layer, TokenSequence tokens)
    {
        bool isPrompted = spec.Layers.Contains(layer);
        if (!isPrompted && (!_areInside || spec.Flow == PromptFlow.Carry))
            return tokens;

        Value sequence = tokens.Image;
        Value classToken = graph.Rows(sequence, 0, 1, "classToken");
        Value patches = graph.Rows(sequence, sequence.Shape.Rows - vit.Patches, vit.Patches, "patchTokens");
        _areInside = isPrompted;
        return new(
            graph.ConcatRows(
                isPrompted ? [classToken, table.Read(graph, layer), patches] : [classToken, patches],
                "tokens"),
            null);
    }
}
