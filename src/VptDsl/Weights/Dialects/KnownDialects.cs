using System.Collections.Immutable;
using VptDsl.Common;
using VptDsl.Programs;

namespace VptDsl.Weights.Dialects;

/// <summary>The dialects that are recognised.</summary>
internal static class KnownDialects
{
    // A wrapper's prefix stands before every name, so that a few names show it; a hostile file could have any number.
    private const int SoughtNames = 4, MostPrefixes = 64;

    // One name that fits behind some prefix tells nothing: conv1.weight is in many networks.
    private const int FewestNames = 2;

    private static readonly TimmDialect Timm = new();

    /// <summary>All of them. Between two that explain a file equally well the earlier one is taken.</summary>
    public static ImmutableArray<IWeightDialect> All { get; } =
    [
        Timm,
        new HuggingFaceDialect(),
        new TimmEvaDialect(isAttentionSplit: false, isMlpSplit: false),
        new TimmEvaDialect(isAttentionSplit: false, isMlpSplit: true),
        new TimmEvaDialect(isAttentionSplit: true, isMlpSplit: true),
        new EvaDialect(),
        new MetaDinoDialect(version: 2, hasRegisters: false, isGated: true),
        new MetaDinoDialect(version: 2, hasRegisters: true, isGated: false),
        new MetaDinoDialect(version: 2, hasRegisters: true, isGated: true),
        new MetaDinoDialect(version: 3, hasRegisters: true, isGated: false),
        new MetaDinoDialect(version: 3, hasRegisters: true, isGated: true),
        new HuggingFaceDinoV2Dialect(hasRegisters: false, isGated: false),
        new HuggingFaceDinoV2Dialect(hasRegisters: false, isGated: true),
        new HuggingFaceDinoV2Dialect(hasRegisters: true, isGated: false),
        new HuggingFaceDinoV2Dialect(hasRegisters: true, isGated: true),
        // A gated MLP's names are those of a plain one, and one more.
        new HuggingFaceDinoV3Dialect(isGated: true),
        new HuggingFaceDinoV3Dialect(isGated: false),
        new HuggingFaceClipDialect(),
        new HuggingFaceSigLipDialect(),
        new HuggingFaceBeitDialect(),
        new ClipDialect(),
        TorchvisionVitDialect.Current,
        TorchvisionVitDialect.Older,
        JaxDialect.VisionTransformer,
        JaxDialect.BigVision,
        new TimmSwinDialect(),
        new TorchvisionSwinDialect(),
        new TimmConvNeXtDialect(),
        new TorchvisionConvNeXtDialect(),
        // Of two encoders the one that is trained, where the other follows it: MoCo v3, MoCo v1 and v2, solo-learn.
        new PrefixedDialect("module.base_encoder.", Timm),
        new PrefixedDialect("base_encoder.", Timm),
        new PrefixedDialect("module.encoder_q.", Timm),
        new PrefixedDialect("backbone.", Timm),
    ];

    /// <summary>
    /// Dialects, and each of them behind every prefix that a file has before its names: programs that train put their own there, such as
    /// <c>_orig_mod.</c> or <c>module.visual.trunk.</c>.
    /// </summary>
    public static IReadOnlyList<IWeightDialect> In(
        IWeightSource source, IReadOnlyList<ParameterDescription> parameters, IReadOnlyList<IWeightDialect> dialects) =>
    [
        .. dialects,
        .. from dialect in dialects
           where dialect is not PrefixedDialect
           from prefix in PrefixesIn(source, parameters, dialect)
           where !dialects.Any(d => d is PrefixedDialect known && known.Prefix == prefix && known.Inner.Name == dialect.Name)
           select new PrefixedDialect(prefix, dialect),
    ];

    /// <summary>The dialect under which most of some parameters are in a file; null if none is under any.</summary>
    /// <remarks>So a damaged file is reported in its own names.</remarks>
    /// <exception cref="WeightFileException">
    /// Several networks in the file have the parameters, and none is known to be the one that is meant.
    /// </exception>
    public static IWeightDialect? Detect(
        IWeightSource source, IReadOnlyList<ParameterDescription> parameters, IReadOnlyList<IWeightDialect> dialects)
    {
        (IWeightDialect Dialect, int Found)[] ranked =
            [.. In(source, parameters, dialects).Select(d => (d, Found(source, parameters, d))).OrderByDescending(d => d.Item2)];
        (IWeightDialect best, int most) = ranked[0];
        if (most < Math.Min(FewestNames, parameters.Count))
            return null;
        if (best is PrefixedDialect { Inner: var inner } && !dialects.Contains(best) && most > parameters.Count / 2)
        {
            string[] prefixes =
                [
                    .. ranked.TakeWhile(d => d.Found == most).Select(d => d.Dialect).OfType<PrefixedDialect>().Where(d => d.Inner == inner)
                        .Select(d => d.Prefix),
                ];
            if (prefixes.Length > 1)
            {
                throw new WeightFileException(
                    source.Path,
                    $"several networks in it have the model's parameters, behind {string.Join(" and ", prefixes.Select(Quoted.Name))}",
                    "Save the one that is meant alone.");
            }
        }

        return best;
    }

    /// <summary>How many of some parameters are in a file under a dialect's names.</summary>
    public static int Found(IWeightSource source, IReadOnlyList<ParameterDescription> parameters, IWeightDialect dialect) =>
        parameters.Count(parameter => HasAll(source, dialect.Parts(parameter)));

    private static string[] PrefixesIn(IWeightSource source, IReadOnlyList<ParameterDescription> parameters, IWeightDialect dialect)
    {
        string[] sought = [.. parameters.SelectMany(dialect.Parts).Select(part => part.Tensor).Take(SoughtNames)];
        return
        [
            .. (from tensor in source.Tensors
                from name in sought
                where tensor.Name.Length > name.Length && tensor.Name.EndsWith(name, StringComparison.Ordinal)
                select tensor.Name[..^name.Length] into prefix
                where prefix[^1] is '.' or '/'
                select prefix).Distinct().Take(MostPrefixes).Order(StringComparer.Ordinal),
        ];
    }

    private static bool HasAll(IWeightSource source, IReadOnlyList<TensorPart> parts) =>
        parts.Count > 0 && parts.All(part => source.TryFind(part.Tensor, out _));
}
