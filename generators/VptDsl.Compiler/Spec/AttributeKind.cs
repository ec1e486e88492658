namespace VptDsl.Compiler.Spec;

/// <summary>The attributes of the language.</summary>
internal enum AttributeKind
{
    Vit,
    DinoV2,
    DinoV3,
    SigLip,
    Clip,
    Eva02,
    DeiT,
    DeiT3,
    Beit,
    Swin,
    ConvNeXt,
    ResNet,
    ShallowPrompt,
    DeepPrompt,
    PadPrompt,
    AddedPrompt,
    PixelPrompt,
    ChannelPrompt,
    LinearHead,
    MlpHead,
    SegmentationHead,
    TrainEverything,
    TrainLastLayers,
    TrainBiases,
    TrainClassToken,
    Adapter,
    LoRA,
    SideNetwork,
    Recompute,
    Precision,
    FrozenWeights,
}

/// <summary>What an attribute says about a model.</summary>
internal enum AttributeRole
{
    Backbone,
    Prompts,
    Head,
    Trained,
    TrainedLayers,
    TrainedBiases,
    TrainedClassToken,
    Adapter,
    LoRA,
    Side,
    Memory,
    Precision,
    Storage,
}

/// <summary>Sorts the attributes into roles.</summary>
internal static class AttributeKinds
{
    /// <summary>Whether it declares a vision transformer, of whichever family.</summary>
    public static bool IsVisionTransformer(this AttributeKind kind) => kind is >= AttributeKind.Vit and <= AttributeKind.Beit;

    public static AttributeRole Role(this AttributeKind kind) => kind switch
    {
        var vit when vit.IsVisionTransformer() => AttributeRole.Backbone,
        AttributeKind.Swin or AttributeKind.ConvNeXt or AttributeKind.ResNet => AttributeRole.Backbone,
        AttributeKind.ShallowPrompt or AttributeKind.DeepPrompt or AttributeKind.PadPrompt or AttributeKind.AddedPrompt
            or AttributeKind.PixelPrompt or AttributeKind.ChannelPrompt => AttributeRole.Prompts,
        AttributeKind.LinearHead or AttributeKind.MlpHead or AttributeKind.SegmentationHead => AttributeRole.Head,
        AttributeKind.TrainEverything => AttributeRole.Trained,
        AttributeKind.TrainLastLayers => AttributeRole.TrainedLayers,
        AttributeKind.TrainBiases => AttributeRole.TrainedBiases,
        AttributeKind.TrainClassToken => AttributeRole.TrainedClassToken,
        AttributeKind.Adapter => AttributeRole.Adapter,
        AttributeKind.LoRA => AttributeRole.LoRA,
        AttributeKind.SideNetwork => AttributeRole.Side,
        AttributeKind.Recompute => AttributeRole.Memory,
        AttributeKind.Precision => AttributeRole.Precision,
        AttributeKind.FrozenWeights => AttributeRole.Storage,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "This attribute has no role yet."),
    };
}
