using VptDsl.Compiler.Common;

namespace VptDsl.Compiler.Spec;

/// <summary>Something wrong with a declaration: which rule, at which part of it, and the words that fill the rule's message.</summary>
internal sealed record Problem(string Id, SpecPart Part, EquatableArray<string> Arguments);

/// <summary>The parts of a declaration that a problem can point at.</summary>
internal enum SpecPart
{
    /// <summary>The class declaration itself.</summary>
    Type,

    /// <summary>The backbone attribute as a whole.</summary>
    Backbone,
    BackboneImage,
    BackbonePatch,
    BackboneWidth,
    BackboneLayers,
    BackboneHeads,
    BackboneMlp,
    BackboneChannels,

    /// <summary>The prompt attribute as a whole.</summary>
    Prompts,
    PromptTokens,
    PromptLayers,

    /// <summary>The head attribute as a whole.</summary>
    Head,
    HeadClasses,

    /// <summary>The attribute that says what is trained.</summary>
    Trained,
}
