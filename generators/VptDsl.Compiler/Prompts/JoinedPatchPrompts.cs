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
        return new(TokenSequence.WithPrompts(graph, entered.Image, vit.PrefixTokens, present: 0, entered.Prompts), null);
    }
}
