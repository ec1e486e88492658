namespace VptDsl.Compiler.Spec;

/// <summary>The attributes that declare a vision transformer, and the arguments that each starts from.</summary>
internal static class VitFamilies
{
    /// <summary>What an attribute says without its named arguments; where its size is unknown, what the plain one says.</summary>
    public static VisionTransformerAttribute Usual(DeclaredAttribute vit, List<Problem> problems) => vit.Kind switch
    {
        AttributeKind.DinoV2 => Of<DinoV2Size>(vit, problems, size => new DinoV2Attribute(size)),
        AttributeKind.DinoV3 => Of<DinoV3Size>(vit, problems, size => new DinoV3Attribute(size)),
        AttributeKind.SigLip => Of<SigLipSize>(vit, problems, size => new SigLipAttribute(size)),
        AttributeKind.Clip => Of<ClipSize>(vit, problems, size => new ClipAttribute(size)),
        AttributeKind.Eva02 => Of<Eva02Size>(vit, problems, size => new Eva02Attribute(size)),
        AttributeKind.DeiT => Of<DeiTSize>(vit, problems, size => new DeiTAttribute(size)),
        AttributeKind.DeiT3 => Of<DeiT3Size>(vit, problems, size => new DeiT3Attribute(size)),
        AttributeKind.Beit => Of<BeitSize>(vit, problems, size => new BeitAttribute(size)),
        _ => Of<VitSize>(vit, problems, size => new VitAttribute(size)),
    };

    private static VisionTransformerAttribute Of<TSize>(
        DeclaredAttribute vit, List<Problem> problems, Func<TSize, VisionTransformerAttribute> make)
        where TSize : struct, Enum => vit.Choice<TSize>("Size", problems) is { } size ? make(size) : new VitAttribute();
}
