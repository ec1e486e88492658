using System.Globalization;
using System.Text.RegularExpressions;
using VptDsl.Compiler.Emit.Kernels;
using VptDsl.Compiler.Graph.Operations;
using VptDsl.Compiler.Planning;

namespace VptDsl.Benchmarks.Kernels;

/// <summary>
/// About how many registers a thread of a group needs, counted from its tile as <see cref="ProductTile.Registers"/> does: what it adds
/// up, what it multiplies next, and addresses.
/// </summary>
internal static class RegisterEstimate
{
    private const int Addresses = 24;

    /// <summary>Null for a thread that works alone.</summary>
    public static int? Of(Call call, Kernel kernel) => kernel.Groups is null ? null : call.Operation switch
    {
        Product product => OfProduct(product, new(call)),
        Attention attention => OfAttention(TiledAttentionKernel.ShapeOf(attention, new(call)), kernel),
        AttentionGradient attention when IsOfQueries(kernel) => OfAttention(TiledAttentionGradientKernel.ShapeOfQueries(attention, new(call)), kernel),
        AttentionGradient attention when SegmentOf(kernel) is { } segment =>
            OfAttention(TiledAttentionGradientKernel.ShapeOfSegment(attention, new(call), segment), kernel),

        // A reduction has a value of each operand.
        _ => kernel.Operands.Count + Addresses,
    };

    /// <summary>Whether a kernel of attention's gradients is that of the queries, which has one gradient; those of segments have two.</summary>
    private static bool IsOfQueries(Kernel kernel) =>
        kernel.Name.EndsWith("Query", StringComparison.Ordinal) || kernel.Name.EndsWith("QuerySlices", StringComparison.Ordinal);

    private static int OfProduct(Product product, CallOperands operands) =>
        TileModel.Choose(TiledProductKernel.ShapeOf(product, operands.In(0), operands.Out(0)), KernelOptions.Default.Limits).Registers;

    /// <summary>Which segment's gradients a kernel computes; null for one that computes none.</summary>
    private static int? SegmentOf(Kernel kernel) => Regex.Match(kernel.Name, @"Segment(\d+)(Slices)?$") is { Success: true } match
        ? int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture)
        : null;

    /// <remarks>The tile is read off what the kernel says of itself.</remarks>
    private static int OfAttention(AttentionShape shape, Kernel kernel)
    {
        Match match = Regex.Match(kernel.Summary, @"Tiles of (\d+) queries and (\d+) keys");
        int Lines(int group) => int.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture);
        return AttentionModel.RegistersOf(shape, new(Lines(1), Lines(2), kernel.Groups!.Threads));
    }
}
