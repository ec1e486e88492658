using VptDsl.Compiler.Common;

namespace VptDsl.Compiler.Spec;

/// <summary>All that a declaration says, as plain values: the whole input of the compiler.</summary>
internal sealed record ModelSpec(
    TypeIdentity Type,
    BackboneSpec Backbone,
    PromptSpec? Prompts,
    HeadSpec Head,
    TrainedSet Trained)
{
    /// <summary>Small networks inside the layers, if any.</summary>
    public AdapterSpec? Adapter { get; init; }

    /// <summary>Low-rank updates of linear layers, if any.</summary>
    public LoRASpec? LoRA { get; init; }

    /// <summary>A network beside the backbone, if any.</summary>
    public SideSpec? Side { get; init; }

    /// <summary>Whether activations are computed again in the backward pass instead of being kept.</summary>
    public bool Recompute { get; init; }

    /// <summary>
    /// What tensor cores multiply; null for what the build says. No part of <see cref="Identity"/>: it changes no parameter, and a task of
    /// one precision is used in any other.
    /// </summary>
    public Precision? Precision { get; init; }

    /// <summary>
    /// In what memory holds the frozen weights of products. No part of <see cref="Identity"/>: a task of one storage is used with any
    /// other.
    /// </summary>
    public WeightStorage FrozenWeights { get; init; }

    /// <summary>The declaration in one line: models with the same line have the same parameters and the same function.</summary>
    public string Identity =>
        $"{Backbone.Identity} {Prompts?.Identity ?? "prompts(none)"}{(Prompts is { Trained: false } ? " frozen" : "")} {Head.Identity} "
            + $"train({Trained.Identity}){Adapter?.Identity}{LoRA?.Identity}{Side?.Identity}";

    /// <summary>The declaration in words.</summary>
    public string Describe()
    {
        string prompts = Prompts is { } p ? p.Describe(Backbone) : "no prompts";
        string side = Side is { } s ? $" a side network of width {s.Width} on patches of {s.Patch} pixels;" : "";
        string lora = LoRA is { } l ? $" updates of rank {l.Rank};" : "";
        return $"{Backbone.Describe()}; {prompts};{lora}{side} {Head.Describe()}; {Trained.Describe(this)}.";
    }
}

/// <summary>Where the generated members go: the annotated class.</summary>
/// <param name="Namespace">Empty for the global namespace.</param>
/// <param name="Name">The class name without its namespace.</param>
/// <param name="Accessibility"><c>public</c> or <c>internal</c>, as written by the user.</param>
internal sealed record TypeIdentity(string Namespace, string Name, string Accessibility)
{
    public string FullName => Namespace.Length == 0 ? Name : Namespace + "." + Name;

    /// <summary>The class name as people say it: without the sign that keeps it from being a keyword.</summary>
    public string PlainName => Name.TrimStart('@');

    /// <summary>
    /// The namespace of what is emitted for the class and is nobody else's: one name of one piece, in which no other namespace can lie.
    /// No two classes share it, since no piece of a name starts with a digit. A sign that keeps the whole from being a keyword stays.
    /// </summary>
    public string ClosedNamespace => "VptDsl.Generated." + FullName.Replace(".@", ".").Replace("_", "_0").Replace('.', '_');

    /// <summary>Whether another type's full name differs from this one's in case alone.</summary>
    public bool HasCaseTwin { get; init; }

    /// <summary>What the names of its generated files start with, of which no two are alike but for case.</summary>
    public string FileName => HasCaseTwin ? FullName + "." + StableHash.Of(FullName) : FullName;

    /// <summary>Whether the user's part says what it derives from: an abstract class that hands attributes down.</summary>
    public bool HasBase { get; init; }

    /// <summary>The class name as code of any place says it, whatever its base classes call theirs.</summary>
    public string GlobalName => "global::" + FullName;

    /// <summary>Whether the user has said in a documentation comment what the class is.</summary>
    public bool HasSummary { get; init; }
}
