using System.Collections.Immutable;
using VptDsl.Programs;
using VptDsl.Weights;
using VptDsl.Weights.Dialects;

namespace VptDsl.Inspection;

/// <summary>A kind of backbone that files are compared with.</summary>
/// <param name="Marked">
/// One of sizes that differ where it matters: it shows which names every such backbone has, and where a dialect puts which axis.
/// </param>
/// <param name="Read">Reads the sizes off a file's shapes; null if a shape is missing or is none of this kind.</param>
internal sealed record BackboneKind(BackboneSketch Marked, Func<StoredShapes, BackboneSketch?> Read)
{
    /// <summary>Those that can be declared.</summary>
    public static ImmutableArray<BackboneKind> All { get; } =
    [
        new(VitSketch.Marked, VitSketch.Read),
        new(SwinSketch.Marked, SwinSketch.Read),
        new(ConvNeXtSketch.Marked, ConvNeXtSketch.Read),
        new(ResNetSketch.Marked, ResNetSketch.Read),
    ];

    /// <summary>What every backbone of this kind has.</summary>
    public ImmutableArray<ParameterDescription> Probes { get; } = [.. Marked.Parameters()];

    /// <summary>What only some of this kind have: it tells namings apart that share the rest.</summary>
    public ImmutableArray<ParameterDescription> Optional { get; } = [.. Marked.Optional()];

    /// <summary>The kind and the naming of which a file has the largest share; null if it has nothing of any.</summary>
    public static (BackboneKind Kind, IWeightDialect Dialect)? Detect(IWeightSource source)
    {
        var (kind, dialect, share) = (
            from candidate in All
            from naming in KnownDialects.In(source, candidate.Probes, KnownDialects.All)
            select (candidate, naming, Share: (double)KnownDialects.Found(source, candidate.Probes, naming) / candidate.Probes.Length))
            .MaxBy(c => (c.Share, KnownDialects.Found(source, c.candidate.Optional, c.naming)));
        return share > 0 ? (kind, dialect) : null;
    }
}
