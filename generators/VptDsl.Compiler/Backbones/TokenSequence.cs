using VptDsl.Compiler.Graph;

namespace VptDsl.Compiler.Backbones;

/// <summary>
/// A token sequence as segments: the backbone's own tokens and the patches, which always go together, and the prompts, which may have
/// no batch. Their order in the sequence, [prefix, prompts, patches], changes nothing: attention does not see it.
/// </summary>
/// <param name="Image">The backbone's own tokens, such as the class token, then the patches: [batch, tokens, width].</param>
/// <param name="Prompts">[tokens, width] or [batch, tokens, width]; none where there are no prompts.</param>
internal sealed record TokenSequence(Value Image, Value? Prompts)
{
    public IReadOnlyList<Value> Segments => Prompts is null ? [Image] : [Image, Prompts];

    /// <summary>What a value is called in a segment: <c>query</c> in the first, <c>promptQuery</c> in the second.</summary>
    public static string Name(int segment, string what) =>
        segment == 0 ? what : "prompt" + char.ToUpperInvariant(what[0]) + what.Substring(1);

    /// <summary>One sequence with other prompts between the backbone's own tokens and the patches.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="sequence">[batch, tokens, width].</param>
    /// <param name="prefix">The backbone's own tokens.</param>
    /// <param name="present">The prompts that stand behind them now, and are left out.</param>
    /// <param name="prompts">Those that come in their place; null for none.</param>
    public static Value WithPrompts(GraphBuilder graph, Value sequence, int prefix, int present, Value? prompts)
    {
        int first = prefix + present;
        Value[] before = prefix == 0 ? [] : [graph.Rows(sequence, 0, prefix, "prefixTokens")];
        Value patches = graph.Rows(sequence, first, sequence.Shape.Rows - first, "patchTokens");
        return graph.ConcatRows([.. before, .. prompts is null ? [] : new[] { prompts }, patches], "tokens");
    }

    public static TokenSequence From(IReadOnlyList<Value> segments) => new(segments[0], segments.Count > 1 ? segments[1] : null);
}
