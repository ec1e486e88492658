using VptDsl.Compiler.Common;

namespace VptDsl.Compiler.Spec;

/// <summary>Something wrong with a declaration: which rule, at which part of it, and the words that fill the rule's message.</summary>
internal sealed record Problem(string Id, SpecPart Part, EquatableArray<string> Arguments);

/// <summary>The parts of a declaration that a problem can point at.</summary>
internal enum SpecPart
{
    /// <summary>The name of the class.</summary>
    Type,

    /// <summary>The type parameters of the class.</summary>
    TypeParameters,

    /// <summary>The modifier, base class or parameter list that keeps the class from being extended.</summary>
    TypeObstacle,

    /// <summary>The backbone attribute as a whole.</summary>
    Backbone,
    BackboneSize,
    BackboneImage,
    BackbonePatch,
    BackboneWidth,
    BackboneLayers,
    BackboneHeads,
    BackboneMlp,
    BackboneDepths,
    BackboneWindow,
    BackboneChannels,

    /// <summary>A backbone attribute after the first.</summary>
    SecondBackbone,

    /// <summary>The prompt attribute as a whole.</summary>
    Prompts,
    PromptTokens,
    PromptLayers,
    PromptAfter,

    /// <summary>A prompt attribute after the first.</summary>
    SecondPrompts,

    /// <summary>The head attribute as a whole.</summary>
    Head,
    HeadClasses,

    /// <summary>A head attribute after the first.</summary>
    SecondHead,

    /// <summary>The attribute that says what is trained.</summary>
    Trained,
}
