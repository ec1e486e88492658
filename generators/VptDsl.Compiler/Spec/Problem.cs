using VptDsl.Compiler.Common;

namespace VptDsl.Compiler.Spec;

/// <summary>Something wrong with a declaration: which rule, at which part of it, and the words that fill the rule's message.</summary>
internal sealed record Problem(string Id, SpecPart Part, EquatableArray<string> Arguments)
{
    /// <summary>Which of the recorded places it points at, where it is in the body of the class.</summary>
    public int? Place { get; init; }

    /// <summary>What to do about it, where one answer stands out.</summary>
    public Remedy? Remedy { get; init; }
}

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
    BackboneImageHeight,
    BackboneImageWidth,
    BackbonePatch,
    BackbonePatchHeight,
    BackbonePatchWidth,
    BackboneWidth,
    BackboneLayers,
    BackboneHeads,
    BackboneMlp,
    BackboneWindow,
    BackboneChannels,
    BackbonePool,
    BackboneFinalNorm,
    BackbonePositions,
    BackboneEpsilon,
    BackboneActivation,
    BackbonePreNorm,
    BackboneLayerScale,
    BackboneClassToken,
    BackboneDistillationToken,
    BackboneRegisters,
    BackboneRotary,
    BackboneRotaryGrid,
    BackboneRelativeBias,
    BackboneAttentionBias,
    BackboneQueryKeyNorm,
    BackboneMlpForm,
    BackboneDepths,
    BackboneWidths,
    BackboneStem,
    BackboneExpansion,

    /// <summary>A backbone attribute after the first.</summary>
    SecondBackbone,

    /// <summary>The prompt attribute as a whole.</summary>
    Prompts,
    PromptTokens,
    PromptLayers,
    PromptAfter,
    PromptFrozen,
    PromptProjection,
    PromptShared,
    PromptDraw,
    PromptDropout,
    PromptPerToken,
    PromptChannels,
    PromptPixels,
    PromptStart,

    /// <summary>A prompt attribute after the first.</summary>
    SecondPrompts,

    /// <summary>The head attribute as a whole.</summary>
    Head,
    HeadClasses,
    HeadLayers,
    HeadStatistics,
    HeadMultiLabel,
    HeadDropout,
    HeadDecoder,
    HeadWidth,
    HeadIgnoreLabel,

    /// <summary>A head attribute after the first.</summary>
    SecondHead,

    /// <summary>The attribute that trains everything.</summary>
    Trained,

    /// <summary>The attribute that trains the last layers, as a whole.</summary>
    TrainedLayers,
    TrainedLayerCount,

    /// <summary>The attribute that trains the biases.</summary>
    TrainedBiases,

    /// <summary>The attribute that trains the class token.</summary>
    TrainedClassToken,

    /// <summary>The attribute that puts adapters into the layers, as a whole.</summary>
    Adapter,
    AdapterReduction,

    /// <summary>The attribute that declares low-rank updates, as a whole.</summary>
    LoRA,
    LoRARank,
    LoRAAlpha,
    LoRAOn,

    /// <summary>The attribute that sets a network beside the backbone, as a whole.</summary>
    Side,
    SideWidth,
    SidePatch,

    /// <summary>The attribute that trades time for memory.</summary>
    Memory,

    /// <summary>The attribute that says what tensor cores multiply, as a whole.</summary>
    Precision,
    PrecisionChoice,

    /// <summary>The attribute that says in what memory holds frozen weights, as a whole.</summary>
    Storage,
    StorageChoice,
}
