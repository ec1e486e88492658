using VptDsl.Compiler.Common;

namespace VptDsl.Compiler.Spec;

/// <summary>Prompts of any kind: what the rest of the compiler asks of them. Only their scheme knows more.</summary>
internal abstract record PromptSpec
{
    /// <summary>In one line; prompts with the same line have the same parameters and the same effect.</summary>
    public abstract string Identity { get; }

    /// <summary>Whether training changes them; otherwise they stay as they were drawn.</summary>
    public bool Trained { get; init; } = true;

    /// <summary>How many tokens they add to a layer at most.</summary>
    public virtual int AddedTokens => 0;

    /// <summary>The prompts in words.</summary>
    public abstract string Describe(BackboneSpec backbone);

    /// <summary>Their parameters. A double never overflows.</summary>
    public abstract double ParameterCount(BackboneSpec backbone);
}

/// <summary>Prompts that enter the token sequence before the layers listed, ascending.</summary>
/// <param name="Tokens">The number of prompts in each prompted layer.</param>
/// <param name="Layers">The layers before which fresh prompts replace the old ones.</param>
/// <param name="Flow">What becomes of prompt outputs at a layer that has no prompts of its own.</param>
internal sealed record TokenPromptSpec(int Tokens, EquatableArray<int> Layers, PromptFlow Flow) : PromptSpec
{
    public override string Identity => $"prompts(tokens={Tokens},layers={string.Join("+", Layers)},after={Flow})";

    public override int AddedTokens => Tokens;

    public override string Describe(BackboneSpec backbone)
    {
        string where = Layers.Count == backbone.Layers ? "every layer" : (Layers.Count == 1 ? "layer " : "layers ") + string.Join(", ", Layers);
        return $"{Tokens} prompts before {where}";
    }

    public override double ParameterCount(BackboneSpec backbone) => Tokens * Layers.Sum(layer => (double)backbone.WidthOf(layer));
}

/// <summary>What becomes of prompt outputs at a layer that has no prompts of its own.</summary>
internal enum PromptFlow
{
    /// <summary>They go on as ordinary tokens, as in the paper's code.</summary>
    Carry,

    /// <summary>They leave the sequence (the paper's code: <c>FORWARD_DEEP_NOEXPAND</c>).</summary>
    Drop,
}
