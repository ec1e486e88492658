using VptDsl.Compiler.Common;

namespace VptDsl.Compiler.Spec;

/// <summary>All that a declaration says, as plain values: the whole input of the compiler.</summary>
internal sealed record ModelSpec(
    TypeIdentity Type,
    VitSpec Backbone,
    PromptSpec? Prompts,
    HeadSpec Head,
    TrainedSet Trained)
{
    /// <summary>Whether activations are computed again in the backward pass instead of being kept.</summary>
    public bool Recompute { get; init; }

    /// <summary>The declaration in one line: models with the same line have the same parameters and the same function.</summary>
    public string Identity =>
        $"{Backbone.Identity} {Prompts?.Identity ?? "prompts(none)"} linear(classes={Head.Classes}) train({Trained})";

    /// <summary>The declaration in words.</summary>
    public string Describe()
    {
        string prompts = Prompts is { } p ? p.Describe(Backbone.Layers) : "no prompts";
        string trained = Trained == TrainedSet.Everything ? "everything is trained" : Prompts is null ? "the head is trained" : "prompts and head are trained";
        return $"{Backbone.Describe()}; {prompts}; {Head.Classes} classes; {trained}.";
    }
}

/// <summary>Where the generated members go: the annotated class.</summary>
/// <param name="Namespace">Empty for the global namespace.</param>
/// <param name="Name">The class name without its namespace.</param>
/// <param name="Accessibility"><c>public</c> or <c>internal</c>, as written by the user.</param>
internal sealed record TypeIdentity(string Namespace, string Name, string Accessibility)
{
    public string FullName => Namespace.Length == 0 ? Name : Namespace + "." + Name;
}

/// <summary>A pre-norm vision transformer with a class token.</summary>
internal sealed record VitSpec(int Image, int Channels, int Patch, int Width, int Layers, int Heads, int Mlp)
{
    public int Patches => Image / Patch * (Image / Patch);

    public string Identity =>
        $"vit(image={Image},channels={Channels},patch={Patch},width={Width},layers={Layers},heads={Heads},mlp={Mlp})";

    public string Describe() =>
        $"ViT of width {Width}, {Layers} layers and {Heads} heads on {Image}-pixel images in {Patch}-pixel patches";
}

/// <summary>Prompts that enter the token sequence before the layers listed, ascending.</summary>
/// <param name="Tokens">The number of prompts in each prompted layer.</param>
/// <param name="Layers">The layers before which fresh prompts replace the old ones.</param>
/// <param name="Flow">What becomes of prompt outputs at a layer that has no prompts of its own.</param>
internal sealed record PromptSpec(int Tokens, EquatableArray<int> Layers, PromptFlow Flow)
{
    public string Identity => $"prompts(tokens={Tokens},layers={string.Join("+", Layers)},after={Flow})";

    public string Describe(int layers) =>
        $"{Tokens} prompts before {(Layers.Count == layers ? "every layer" : (Layers.Count == 1 ? "layer " : "layers ") + string.Join(", ", Layers))}";
}

/// <summary>What becomes of prompt outputs at a layer that has no prompts of its own.</summary>
internal enum PromptFlow
{
    /// <summary>They go on as ordinary tokens, as in the paper's code.</summary>
    Carry,

    /// <summary>They leave the sequence (the paper's code: <c>FORWARD_DEEP_NOEXPAND</c>).</summary>
    Drop,
}

/// <summary>A linear classifier on the final class token.</summary>
internal sealed record HeadSpec(int Classes);

/// <summary>Which parameters are trained.</summary>
internal enum TrainedSet
{
    /// <summary>Prompts, if any, and the head.</summary>
    PromptsAndHead,

    /// <summary>Everything (the paper's "Full").</summary>
    Everything,
}
