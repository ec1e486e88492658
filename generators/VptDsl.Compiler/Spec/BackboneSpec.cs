using VptDsl.Compiler.Common;

namespace VptDsl.Compiler.Spec;

/// <summary>A pre-trained backbone of any family: what the rest of the compiler asks of it. Only its builder knows more.</summary>
/// <param name="Image">The size of an image in pixels.</param>
/// <param name="Channels">Colour channels of an image.</param>
internal abstract record BackboneSpec(PlaneSize Image, int Channels)
{
    /// <summary>The layers that prompts can enter before.</summary>
    public abstract int Layers { get; init; }

    /// <summary>The width of the features that the head reads.</summary>
    public abstract int FeatureWidth { get; }

    /// <summary>The kinds of prompts that it can take.</summary>
    public abstract PromptKinds Prompts { get; }

    /// <summary>Its first convolution.</summary>
    public abstract StemSpec Stem { get; }

    /// <summary>The tokens of an image before a layer, without prompts; 0 where there are none.</summary>
    public virtual int TokensOf(int layer) => 0;

    /// <summary>What an image of another size could not be cut into, in words; null where it fits as well.</summary>
    public virtual string? CannotCut(PlaneSize image) => null;

    /// <summary>The width of the tokens before a layer.</summary>
    public virtual int WidthOf(int layer) => FeatureWidth;

    /// <summary>
    /// The layer that one of its parameters belongs to: the number of layers for what comes after the last, null for what comes before
    /// the first or belongs to no layer.
    /// </summary>
    public virtual int? LayerOf(string parameter) => null;

    /// <summary>Tokens before those of the patches, of which a class token is the first.</summary>
    public virtual int PrefixTokens => 0;

    /// <summary>The name of its class token; null where it has none.</summary>
    public virtual string? ClassToken => null;

    /// <summary>In one line; backbones with the same line have the same parameters and the same function.</summary>
    public abstract string Identity { get; }

    /// <summary>What of its function no parameter's shape tells.</summary>
    public abstract BackboneTraits Traits { get; }

    /// <summary>The backbone in words.</summary>
    public abstract string Describe();

    /// <summary>Its parameters without a head. A double never overflows, whatever sizes a user states.</summary>
    public abstract double ParameterCount { get; }

    /// <summary>The most numbers that an image has in one activation, with prompts before a layer.</summary>
    public abstract double WidestActivation(int promptTokens);
}

/// <summary>What of a backbone's function no parameter's shape tells, so that a file may contradict it where everything fits.</summary>
/// <param name="Heads">Attention heads, of each stage where there are stages; empty without attention.</param>
/// <param name="Epsilon">What normalisations add to a variance.</param>
/// <param name="Activation">The activation between layers, as Hugging Face's configurations call it; empty for gates.</param>
internal sealed record BackboneTraits(EquatableArray<int> Heads, double Epsilon, string Activation);
