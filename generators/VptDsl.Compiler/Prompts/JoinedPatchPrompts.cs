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
        return new(TokenSequence.Join(graph, entered.Image, entered.Prompts!, vit.PrefixTokens), null);
    }
}
