using VptDsl.Compiler.Backbones;
using VptDsl.Compiler.Graph;

namespace VptDsl.Compiler.Prompts;

/// <summary>Where prompts enter a token sequence. The backbone asks it before every layer and knows nothing else of prompts.</summary>
internal abstract class PromptScheme
{
    /// <summary>No prompts: the backbone as it is.</summary>
    public static readonly PromptScheme None = new NoPrompts();

    public abstract TokenSequence BeforeLayer(GraphBuilder graph, int layer, TokenSequence tokens);

    private sealed class NoPrompts : PromptScheme
    {
        public override TokenSequence BeforeLayer(GraphBuilder graph, int layer, TokenSequence tokens) => tokens;
    }
}
