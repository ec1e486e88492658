using VptDsl.Data;
using VptDsl.Weights.Dialects;

namespace VptDsl.Weights;

/// <summary>Who published a checkpoint, as far as its names tell.</summary>
/// <remarks>Only names that nobody else uses count. What a file lacks tells nothing: a head is easily left out.</remarks>
public enum CheckpointKind
{
    /// <summary>Names that several projects use, timm's above all: they do not tell.</summary>
    Other,

    /// <summary>Google's ViT, AugReg and big_vision: <c>.npz</c>.</summary>
    Google,

    /// <summary>Hugging Face's names of a ViT, which hold anybody's weights.</summary>
    HuggingFace,

    /// <summary>Masked autoencoders (MAE).</summary>
    Mae,

    /// <summary>MoCo v3.</summary>
    MocoV3,
}

/// <summary>Tells kinds of checkpoints apart, and what follows from the kind.</summary>
public static class CheckpointKinds
{
    /// <summary>How the images must be normalised that such a checkpoint was trained on; null where the kind does not tell.</summary>
    public static Normalization? Normalization(this CheckpointKind kind) => kind switch
    {
        CheckpointKind.Google => Data.Normalization.Symmetric,
        CheckpointKind.Mae or CheckpointKind.MocoV3 => Data.Normalization.ImageNet,
        _ => null,
    };

    /// <summary>Whose its names are, in a sentence.</summary>
    internal static string Title(this CheckpointKind kind) => kind switch
    {
        CheckpointKind.Google => "Google's",
        CheckpointKind.HuggingFace => "Hugging Face's",
        CheckpointKind.Mae => "a masked autoencoder's (MAE's)",
        CheckpointKind.MocoV3 => "MoCo v3's",
        _ => "nobody's in particular",
    };

    /// <summary>The kind of a file whose names are a dialect's.</summary>
    internal static CheckpointKind Of(IWeightSource source, IWeightDialect dialect) => dialect switch
    {
        JaxDialect => CheckpointKind.Google,
        PrefixedDialect { Inner: JaxDialect } => CheckpointKind.Google,
        HuggingFaceDialect => OfHuggingFace(source, prefix: ""),
        PrefixedDialect { Inner: HuggingFaceDialect } prefixed => OfHuggingFace(source, prefixed.Prefix),
        PrefixedDialect { Inner: TimmDialect, Prefix: "module.base_encoder." or "base_encoder." } prefixed
            when IsVisionTransformer(source, prefixed.Prefix) => CheckpointKind.MocoV3,
        TimmDialect when !IsVisionTransformer(source, prefix: "") => CheckpointKind.Other,
        TimmDialect when Has(source, "decoder_") || (Has(source, "mask_token") && !IsScaled(source)) => CheckpointKind.Mae,
        _ => CheckpointKind.Other,
    };

    /// <summary>A decoder alone does not tell: models that write texts about images have one too.</summary>
    private static CheckpointKind OfHuggingFace(IWeightSource source, string prefix)
    {
        const string Encoder = "vit.";
        string whole = prefix.EndsWith(Encoder, StringComparison.Ordinal) ? prefix[..^Encoder.Length] : prefix;
        return Has(source, whole + "decoder.mask_token") || Has(source, whole + "decoder.decoder_")
            ? CheckpointKind.Mae
            : CheckpointKind.HuggingFace;
    }

    /// <summary>Others are trained on masked images too: those that scale what attention adds, as DINOv2, are none of MAE's.</summary>
    private static bool IsScaled(IWeightSource source) => Has(source, "blocks.0.ls1.gamma");

    /// <summary>Other backbones have timm's names too, but no class token; a Swin's blocks are in stages.</summary>
    private static bool IsVisionTransformer(IWeightSource source, string prefix) =>
        Has(source, prefix + "cls_token") && Has(source, prefix + "blocks.0.");

    private static bool Has(IWeightSource source, string prefix) =>
        source.Tensors.Any(tensor => tensor.Name.StartsWith(prefix, StringComparison.Ordinal));
}
