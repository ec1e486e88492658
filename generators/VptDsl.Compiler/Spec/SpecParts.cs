namespace VptDsl.Compiler.Spec;

/// <summary>Says which part of a declaration an attribute or one of its arguments is.</summary>
internal static class SpecParts
{
    /// <summary>The part that an attribute as a whole is.</summary>
    public static SpecPart Of(AttributeRole role) => role switch
    {
        AttributeRole.Backbone => SpecPart.Backbone,
        AttributeRole.Prompts => SpecPart.Prompts,
        AttributeRole.Head => SpecPart.Head,
        AttributeRole.TrainedLayers => SpecPart.TrainedLayers,
        AttributeRole.TrainedBiases => SpecPart.TrainedBiases,
        AttributeRole.TrainedClassToken => SpecPart.TrainedClassToken,
        AttributeRole.Adapter => SpecPart.Adapter,
        AttributeRole.LoRA => SpecPart.LoRA,
        AttributeRole.Side => SpecPart.Side,
        AttributeRole.Memory => SpecPart.Memory,
        AttributeRole.Precision => SpecPart.Precision,
        AttributeRole.Storage => SpecPart.Storage,
        _ => SpecPart.Trained,
    };

    /// <summary>The part that a repeated attribute is.</summary>
    public static SpecPart OfSecond(AttributeRole role) => role switch
    {
        AttributeRole.Backbone => SpecPart.SecondBackbone,
        AttributeRole.Prompts => SpecPart.SecondPrompts,
        AttributeRole.Head => SpecPart.SecondHead,
        _ => Of(role),
    };

    /// <summary>The part that an argument is.</summary>
    public static SpecPart Of(AttributeRole role, string argument) => (role, argument) switch
    {
        (AttributeRole.Backbone, "Size") => SpecPart.BackboneSize,
        (AttributeRole.Backbone, "Image") => SpecPart.BackboneImage,
        (AttributeRole.Backbone, "ImageHeight") => SpecPart.BackboneImageHeight,
        (AttributeRole.Backbone, "ImageWidth") => SpecPart.BackboneImageWidth,
        (AttributeRole.Backbone, "Patch") => SpecPart.BackbonePatch,
        (AttributeRole.Backbone, "PatchHeight") => SpecPart.BackbonePatchHeight,
        (AttributeRole.Backbone, "PatchWidth") => SpecPart.BackbonePatchWidth,
        (AttributeRole.Backbone, "Width") => SpecPart.BackboneWidth,
        (AttributeRole.Backbone, "Layers") => SpecPart.BackboneLayers,
        (AttributeRole.Backbone, "Heads") => SpecPart.BackboneHeads,
        (AttributeRole.Backbone, "Mlp") => SpecPart.BackboneMlp,
        (AttributeRole.Backbone, "Window") => SpecPart.BackboneWindow,
        (AttributeRole.Backbone, "Channels") => SpecPart.BackboneChannels,
        (AttributeRole.Backbone, "Pool") => SpecPart.BackbonePool,
        (AttributeRole.Backbone, "FinalNorm") => SpecPart.BackboneFinalNorm,
        (AttributeRole.Backbone, "Positions") => SpecPart.BackbonePositions,
        (AttributeRole.Backbone, "Epsilon") => SpecPart.BackboneEpsilon,
        (AttributeRole.Backbone, "Activation") => SpecPart.BackboneActivation,
        (AttributeRole.Backbone, "PreNorm") => SpecPart.BackbonePreNorm,
        (AttributeRole.Backbone, "LayerScale") => SpecPart.BackboneLayerScale,
        (AttributeRole.Backbone, "ClassToken") => SpecPart.BackboneClassToken,
        (AttributeRole.Backbone, "DistillationToken") => SpecPart.BackboneDistillationToken,
        (AttributeRole.Backbone, "Registers") => SpecPart.BackboneRegisters,
        (AttributeRole.Backbone, "Rotary") => SpecPart.BackboneRotary,
        (AttributeRole.Backbone, "RotaryGrid") => SpecPart.BackboneRotaryGrid,
        (AttributeRole.Backbone, "RelativeBias") => SpecPart.BackboneRelativeBias,
        (AttributeRole.Backbone, "AttentionBias") => SpecPart.BackboneAttentionBias,
        (AttributeRole.Backbone, "QueryKeyNorm") => SpecPart.BackboneQueryKeyNorm,
        (AttributeRole.Backbone, "MlpForm") => SpecPart.BackboneMlpForm,
        (AttributeRole.Backbone, "Depths") => SpecPart.BackboneDepths,
        (AttributeRole.Backbone, "Widths") => SpecPart.BackboneWidths,
        (AttributeRole.Backbone, "Stem") => SpecPart.BackboneStem,
        (AttributeRole.Backbone, "Expansion") => SpecPart.BackboneExpansion,
        (AttributeRole.Prompts, "Tokens") => SpecPart.PromptTokens,
        (AttributeRole.Prompts, "Layers") => SpecPart.PromptLayers,
        (AttributeRole.Prompts, "Frozen") => SpecPart.PromptFrozen,
        (AttributeRole.Prompts, "Projection") => SpecPart.PromptProjection,
        (AttributeRole.Prompts, "Shared") => SpecPart.PromptShared,
        (AttributeRole.Prompts, "Draw") => SpecPart.PromptDraw,
        (AttributeRole.Prompts, "PerToken") => SpecPart.PromptPerToken,
        (AttributeRole.Prompts, "Channels") => SpecPart.PromptChannels,
        (AttributeRole.Prompts, "After") => SpecPart.PromptAfter,
        (AttributeRole.Prompts, "Pixels") => SpecPart.PromptPixels,
        (AttributeRole.Prompts, "Start") => SpecPart.PromptStart,
        (AttributeRole.Head, "Classes") => SpecPart.HeadClasses,
        (AttributeRole.Head, "Layers") => SpecPart.HeadLayers,
        (AttributeRole.Prompts, "Dropout") => SpecPart.PromptDropout,
        (AttributeRole.Head, "Dropout") => SpecPart.HeadDropout,
        (AttributeRole.Head, "FrozenStatistics") => SpecPart.HeadStatistics,
        (AttributeRole.Head, "MultiLabel") => SpecPart.HeadMultiLabel,
        (AttributeRole.Head, "Decoder") => SpecPart.HeadDecoder,
        (AttributeRole.Head, "Width") => SpecPart.HeadWidth,
        (AttributeRole.Head, "IgnoreLabel") => SpecPart.HeadIgnoreLabel,
        (AttributeRole.Adapter, "Reduction") => SpecPart.AdapterReduction,
        (AttributeRole.LoRA, "Rank") => SpecPart.LoRARank,
        (AttributeRole.LoRA, "Alpha") => SpecPart.LoRAAlpha,
        (AttributeRole.LoRA, "On") => SpecPart.LoRAOn,
        (AttributeRole.Side, "Width") => SpecPart.SideWidth,
        (AttributeRole.Side, "Patch") => SpecPart.SidePatch,
        (AttributeRole.TrainedLayers, "Count") => SpecPart.TrainedLayerCount,
        (AttributeRole.Precision, "Precision") => SpecPart.PrecisionChoice,
        (AttributeRole.Storage, "Storage") => SpecPart.StorageChoice,
        _ => Of(role),
    };

    /// <summary>The role that a part belongs to; null for the class itself.</summary>
    public static AttributeRole? RoleOf(SpecPart part) => part switch
    {
        SpecPart.Type or SpecPart.TypeParameters or SpecPart.TypeObstacle => null,
        <= SpecPart.SecondBackbone => AttributeRole.Backbone,
        <= SpecPart.SecondPrompts => AttributeRole.Prompts,
        <= SpecPart.SecondHead => AttributeRole.Head,
        SpecPart.TrainedLayers or SpecPart.TrainedLayerCount => AttributeRole.TrainedLayers,
        SpecPart.TrainedBiases => AttributeRole.TrainedBiases,
        SpecPart.TrainedClassToken => AttributeRole.TrainedClassToken,
        SpecPart.Adapter or SpecPart.AdapterReduction => AttributeRole.Adapter,
        SpecPart.LoRA or SpecPart.LoRARank or SpecPart.LoRAAlpha or SpecPart.LoRAOn => AttributeRole.LoRA,
        SpecPart.Side or SpecPart.SideWidth or SpecPart.SidePatch => AttributeRole.Side,
        SpecPart.Memory => AttributeRole.Memory,
        SpecPart.Precision or SpecPart.PrecisionChoice => AttributeRole.Precision,
        SpecPart.Storage or SpecPart.StorageChoice => AttributeRole.Storage,
        _ => AttributeRole.Trained,
    };
}
