using VptDsl.Compiler.Common;
using VptDsl.Compiler.Spec.OpenPrompts;

namespace VptDsl.Compiler.Spec;

/// <summary>Turns what the user wrote into what the compiler needs, or into the list of everything that is wrong with it.</summary>
internal static class SpecResolver
{
    public static Resolution Resolve(Declaration written)
    {
        if (written.HasUnsoundBase)
            return new Resolution(null, EquatableArray<Problem>.Empty);
        var problems = new List<Problem>();
        if (written.Shared is { } shared)
        {
            SharedRules.Check(written, shared, problems);
            return new Resolution(null, problems.ToEquatableArray());
        }

        TypeRules.Check(written.Type, problems);
        MemberRules.Check(written, problems);
        RoleRules.Check(written, problems);
        SharedRules.CheckRoot(written, problems);
        Declaration declaration = written.Sound;
        DeclaredAttribute? prompts = declaration.InRole(AttributeRole.Prompts).FirstOrDefault();
        BackboneSpec? backbone = declaration.InRole(AttributeRole.Backbone).Select(a => Backbone(a, problems)).FirstOrDefault();
        PromptSpec? open = OpenPromptRules.Resolve(declaration, backbone, problems);
        PromptSpec? promptSpec = prompts is null ? open : PromptRules.Resolve(prompts, backbone, problems);
        HeadSpec? head = declaration.InRole(AttributeRole.Head).Select(a => HeadRules.Resolve(a, problems)).FirstOrDefault();
        AdapterSpec? adapter = AdapterRules.Resolve(declaration, backbone, problems);
        LoRASpec? lora = LoRARules.Resolve(declaration, backbone, problems);
        SegmentationRules.Check(declaration, backbone, promptSpec, head, problems);
        SideSpec? side = SideRules.Resolve(declaration, backbone, problems);
        PoolRules.Check(declaration, backbone, promptSpec, problems);
        TrainedSet trained = TrainedRules.Resolve(declaration, backbone, problems);
        Precision? precision =
            declaration.InRole(AttributeRole.Precision).FirstOrDefault()?.Choice<Precision>(nameof(PrecisionAttribute.Precision), problems);
        WeightStorage? storage = declaration.InRole(AttributeRole.Storage).FirstOrDefault()
            ?.Choice<WeightStorage>(nameof(FrozenWeightsAttribute.Storage), problems);

        if (problems.Count > 0 || backbone is null || head is null || written.IsBroken)
            return new Resolution(null, problems.ToEquatableArray());
        var model = new ModelSpec(declaration.Type.Identity, backbone, promptSpec, head, trained)
        {
            Adapter = adapter,
            LoRA = lora,
            Side = side,
            Recompute = declaration.InRole(AttributeRole.Memory).Any(),
            Precision = precision,
            FrozenWeights = storage ?? WeightStorage.Float32,
        };
        return SizeLimits.CheckTask(model) is { } tooLarge
            ? new Resolution(null, EquatableArray.Of(tooLarge))
            : new Resolution(model, EquatableArray<Problem>.Empty);
    }

    private static BackboneSpec? Backbone(DeclaredAttribute attribute, List<Problem> problems) => attribute.Kind switch
    {
        var vit when vit.IsVisionTransformer() => VitRules.Resolve(attribute, problems),
        AttributeKind.Swin => SwinRules.Resolve(attribute, problems),
        AttributeKind.ConvNeXt => ConvNeXtRules.Resolve(attribute, problems),
        AttributeKind.ResNet => ResNetRules.Resolve(attribute, problems),
        _ => throw new ArgumentOutOfRangeException(nameof(attribute), attribute.Kind, "This backbone has no rules yet."),
    };
}

/// <summary>
/// A model or problems, or neither where C# itself rejects the declaration, a class above it has the problems, or it is no model's.
/// </summary>
internal sealed record Resolution(ModelSpec? Model, EquatableArray<Problem> Problems);
