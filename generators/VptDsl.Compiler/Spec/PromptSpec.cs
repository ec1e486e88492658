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

    /// <summary>How many tokens of theirs come out of the last of so many layers.</summary>
    public virtual int TokensAtTheEnd(int layers) => 0;

    /// <summary>Whether they train a parameter of the backbone along with themselves.</summary>
    public virtual bool AlsoTrains(BackboneSpec backbone, string parameter) => false;

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
    /// <summary>The width of a prompt before a linear layer brings it to that of the tokens; null where it has that width.</summary>
    public int? Projection { get; init; }

    /// <summary>Whether all prompted layers get the same prompts.</summary>
    public bool Shared { get; init; }

    /// <summary>The share of their elements that training drops.</summary>
    public double Dropout { get; init; }

    /// <summary>What the prompts are drawn from.</summary>
    public PromptDraw Draw { get; init; }

    public override string Identity =>
        $"prompts(tokens={Tokens},layers={string.Join("+", Layers)},after={Flow}"
        + (Projection is { } width ? $",projection={width}" : "")
        + (Shared ? ",shared" : "")
        + DropoutRules.Identity(Dropout)
        + (Draw == PromptDraw.Uniform ? "" : $",draw={Draw}")
        + ")";

    public override int TokensAtTheEnd(int layers) => Flow == PromptFlow.Carry || Layers.Contains(layers - 1) ? Tokens : 0;

    public override int AddedTokens => Tokens;

    public override string Describe(BackboneSpec backbone)
    {
        string where = Layers.Count == backbone.Layers
            ? "every layer"
            : (Layers.Count == 1 ? "layer " : "layers ") + string.Join(", ", Layers);
        return $"{Tokens} {(Shared ? "shared " : "")}prompts {(Projection is { } width ? $"of width {width} " : "")}before {where}";
    }

    public override double ParameterCount(BackboneSpec backbone) => (Tokens * (Shared
            ? Projection ?? backbone.WidthOf(0)
            : Layers.Sum(layer => (double)(Projection ?? backbone.WidthOf(layer)))))
        + (Projection is { } width ? (width + 1.0) * backbone.WidthOf(0) : 0);
}
