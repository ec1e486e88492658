namespace VptDsl.Compiler.Spec;

/// <summary>The attributes of the language.</summary>
internal enum AttributeKind
{
    Vit,
    Swin,
    ShallowPrompt,
    DeepPrompt,
    LinearHead,
    TrainEverything,
    Recompute,
}

/// <summary>What an attribute says about a model.</summary>
internal enum AttributeRole
{
    Backbone,
    Prompts,
    Head,
    Trained,
    Memory,
}

/// <summary>Sorts the attributes into roles.</summary>
internal static class AttributeKinds
{
    public static AttributeRole Role(this AttributeKind kind) => kind switch
    {
        AttributeKind.Vit or AttributeKind.Swin => AttributeRole.Backbone,
        AttributeKind.ShallowPrompt or AttributeKind.DeepPrompt => AttributeRole.Prompts,
        AttributeKind.LinearHead => AttributeRole.Head,
        AttributeKind.TrainEverything => AttributeRole.Trained,
        AttributeKind.Recompute => AttributeRole.Memory,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "This attribute has no role yet."),
    };
}
