using VptDsl.Compiler.Graph;

namespace VptDsl.Compiler.Backbones;

/// <summary>
/// A token sequence as segments: the class token and the patches, which always go together, and the prompts, which may have no
/// batch. Their order in the sequence, [class, prompts, patches], changes nothing: attention does not see it.
/// </summary>
/// <param name="Image">Class token, then patches: [batch, tokens, width].</param>
/// <param name="Prompts">[tokens, width] or [batch, tokens, width]; none where there are no prompts.</param>
internal sealed record TokenSequence(Value Image, Value? Prompts)
{
    public IReadOnlyList<Value> Segments => Prompts is null ? [Image] : [Image, Prompts];

    /// <summary>What a value is called in a segment: <c>query</c> in the first, <c>promptQuery</c> in the second.</summary>
    public static string Name(int segment, string what) =>
        segment == 0 ? what : "prompt" + char.ToUpperInvariant(what[0]) + what.Substring(1);

    public static TokenSequence From(IReadOnlyList<Value> segments) => new(segments[0], segments.Count > 1 ? segments[1] : null);
}
