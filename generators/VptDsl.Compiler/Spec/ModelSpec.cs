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

    /// <summary>Whether activations are computed again in the backward pass instead of being kept.</summary>
    public bool Recompute { get; init; }

    /// <summary>The declaration in one line: models with the same line have the same parameters and the same function.</summary>
    public string Identity =>
        $"{Backbone.Identity} {Prompts?.Identity ?? "prompts(none)"}{(Prompts is { Trained: false } ? " frozen" : "")} {Head.Identity} train({Trained.Identity}){Adapter?.Identity}";

    /// <summary>The declaration in words.</summary>
    public string Describe()
    {
        string prompts = Prompts is { } p ? p.Describe(Backbone) : "no prompts";
        return $"{Backbone.Describe()}; {prompts}; {Head.Describe()}; {Trained.Describe(Prompts)}.";
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

/// <summary>A linear classifier on the final class token.</summary>
internal record HeadSpec(int Classes)
{
    /// <summary>In one line; heads with the same line have the same parameters and the same function.</summary>
    public virtual string Identity => $"linear(classes={Classes})";

    /// <summary>The class of the library that a tuner with this head derives from.</summary>
    public virtual string TunerType => "Tuner";

    /// <summary>The label of what neither loss nor measure counts, if there is one.</summary>
    public virtual int? IgnoredLabel => null;

    /// <summary>The head in words.</summary>
    public virtual string Describe() => $"{Classes} classes";

    /// <summary>How many labels an image has: one, or one for each of its pixels.</summary>
    public virtual int LabelsPerImage(BackboneSpec backbone) => 1;

    /// <summary>Its parameters. A double never overflows.</summary>
    public virtual double ParameterCount(BackboneSpec backbone) => (backbone.FeatureWidth + 1.0) * Classes;
}
