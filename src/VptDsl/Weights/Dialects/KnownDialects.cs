using System.Collections.Immutable;
using VptDsl.Programs;

namespace VptDsl.Weights.Dialects;

/// <summary>The dialects that are recognised.</summary>
internal static class KnownDialects
{
    private static readonly TimmDialect Timm = new();

    private static readonly HuggingFaceDialect HuggingFace = new("");

    /// <summary>All of them. Between two that explain a file equally well the earlier one is taken.</summary>
    public static ImmutableArray<IWeightDialect> All { get; } =
    [
        Timm,
        HuggingFace,
        new HuggingFaceDialect("vit."),
        JaxDialect.VisionTransformer,
        JaxDialect.BigVision,
        new TimmSwinDialect(),
        new TorchvisionSwinDialect(),
        new TimmConvNeXtDialect(),
        new TorchvisionConvNeXtDialect(),
        // PyTorch's parallel training, MoCo v3, MoCo v1 and v2, and self-supervised training of an encoder.
        new PrefixedDialect("module.", Timm),
        new PrefixedDialect("module.base_encoder.", Timm),
        new PrefixedDialect("base_encoder.", Timm),
        new PrefixedDialect("module.encoder_q.", Timm),
        new PrefixedDialect("module.encoder.", Timm),
        new PrefixedDialect("encoder.", Timm),
        new PrefixedDialect("backbone.", Timm),
        new PrefixedDialect("module.", HuggingFace),
        new PrefixedDialect("module.vit.", HuggingFace),
        // Checkpoints that keep the optimiser's state too, and big_vision's of image towers.
        new PrefixedDialect("opt/target/", JaxDialect.VisionTransformer),
        new PrefixedDialect("params/", JaxDialect.VisionTransformer),
        new PrefixedDialect("params/", JaxDialect.BigVision),
        new PrefixedDialect("params/img/", JaxDialect.BigVision),
    ];

    /// <summary>The dialect under which most of some parameters are in a file; null if none is under any.</summary>
    /// <remarks>So a damaged file is reported in its own names.</remarks>
    public static IWeightDialect? Detect(
        IWeightSource source, IReadOnlyList<ParameterDescription> parameters, IReadOnlyList<IWeightDialect> dialects)
    {
        var best = dialects.MaxBy(dialect => Found(source, parameters, dialect))!;
        return parameters.Count > 0 && Found(source, parameters, best) == 0 ? null : best;
    }

    /// <summary>How many of some parameters are in a file under a dialect's names.</summary>
    public static int Found(IWeightSource source, IReadOnlyList<ParameterDescription> parameters, IWeightDialect dialect) =>
        parameters.Count(parameter => HasAll(source, dialect.Parts(parameter)));

    private static bool HasAll(IWeightSource source, IReadOnlyList<TensorPart> parts) =>
        parts.Count > 0 && parts.All(part => source.TryFind(part.Tensor, out _));
}
