using VptDsl.Compiler.Backbones;
using VptDsl.Compiler.Graph;
using VptDsl.Compiler.Spec;

namespace VptDsl.Compiler.Prompts;

/// <summary>
/// The same prompts as <see cref="PatchPrompts"/> in one sequence [class, prompts, patches], as an eager framework runs them.
/// </summary>
internal sealed class JoinedPatchPrompts(PatchPrompts prompts, VitSpec vit) : PromptScheme
{
    public override TokenSequence Enter(GraphBuilder graph, TokenSequence tokens, Func<Value, string, Value> patchEmbedding)
    {
        TokenSequence entered = prompts.Enter(graph, tokens, patchEmbedding);
        Value classToken = graph.Rows(entered.Image, 0, vit.PrefixTokens, "classToken");
        Value patches = graph.Rows(entered.Image, vit.PrefixTokens, vit.Patches, "patchTokens");
        return new(graph.ConcatRows([classToken, entered.Prompts!, patches], "tokens"), null);
    }
}
