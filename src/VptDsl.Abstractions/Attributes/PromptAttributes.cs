namespace VptDsl;

/// <summary>
/// VPT-shallow (section 3.2 of the paper): prompts join the token sequence before the first layer, after the position
/// embedding is added and without one of their own, and go through every layer like other tokens.
/// </summary>
/// <remarks>
/// Trains one tensor <c>prompts.0</c> of shape <c>[tokens, width]</c>, drawn uniformly from
/// ±sqrt(6 / (3·patch² + width)) as in the paper's code.
/// </remarks>
/// <example><code>[ShallowPrompt(Tokens = 50)]</code></example>
public sealed class ShallowPromptAttribute : TokenPromptAttribute;

/// <summary>
/// VPT-deep (section 3.2 of the paper): fresh prompts take the place of the old ones before every layer, or before the
/// layers that <see cref="Layers"/> lists (the paper's ablation on prompt depth).
/// </summary>
/// <remarks>
/// Trains one tensor <c>prompts.{layer}</c> of shape <c>[tokens, width]</c> for each prompted layer, drawn uniformly from
/// ±sqrt(6 / (3·patch² + width)) as in the paper's code.
/// </remarks>
/// <example>
/// <code>
/// [DeepPrompt(Tokens = 50)]                                              // every layer
/// [DeepPrompt(Tokens = 10, Layers = "3..11")]                            // layers 3 to 11, both included
/// [DeepPrompt(Tokens = 10, Layers = "^6..")]                             // the last six
/// [DeepPrompt(Tokens = 10, Layers = "0,2,5", After = PromptFlow.Drop)]   // no prompts in layers 1, 3, 4, 6…
/// </code>
/// </example>
public sealed class DeepPromptAttribute : TokenPromptAttribute
{
    /// <summary>
    /// The layers before which fresh prompts enter, counted from 0; every layer unless stated.
    /// A comma-separated list of indexes (<c>5</c>) and ranges that include both ends (<c>3..11</c>); an end left out is the
    /// first or the last layer (<c>..5</c>, <c>3..</c>), and <c>^</c> counts from the end (<c>^1</c> is the last layer).
    /// </summary>
    public string? Layers { get; set; }

    /// <summary>
    /// What becomes of prompt outputs at a later layer that has no prompts of its own; <see cref="PromptFlow.Carry"/> unless stated.
    /// </summary>
    public PromptFlow After { get; set; } = PromptFlow.Carry;

    /// <summary>Whether all prompted layers get the same prompts, one tensor <c>prompts.shared</c>; false unless stated.</summary>
    public bool Shared { get; set; }
}

/// <summary>What becomes of prompt outputs at a layer that has no prompts of its own.</summary>
public enum PromptFlow
{
    /// <summary>They go on as ordinary tokens, as in the paper.</summary>
    Carry,

    /// <summary>
    /// They leave the sequence, which makes the layers that follow cheaper (the paper's code: <c>FORWARD_DEEP_NOEXPAND</c>).
    /// </summary>
    Drop,
}
