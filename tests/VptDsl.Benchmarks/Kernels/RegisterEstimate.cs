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
        Attention attention => OfAttention(
            new CallOperands(call).In(0), attention.Heads, matrices: 3, scores: 1, Rows),
        AttentionGradient attention => OfAttention(
            new CallOperands(call).In(3), attention.Heads, matrices: 4, scores: 2, tiles => IsOfQueries(kernel) ? Rows(tiles) : 2 * Rows(tiles)),

        // A reduction has a value of each operand.
        _ => kernel.Operands.Count + Addresses,
    };

    /// <summary>Whether a kernel of attention's gradients is that of the queries, which has one gradient; those of segments have two.</summary>
    private static bool IsOfQueries(Kernel kernel) =>
        kernel.Name.EndsWith("Query", StringComparison.Ordinal) || kernel.Name.EndsWith("QuerySlices", StringComparison.Ordinal);

    private static int OfProduct(Product product, CallOperands operands) =>
        TileModel.Choose(TiledProductKernel.ShapeOf(product, operands.In(0), operands.Out(0)), KernelOptions.Default.Limits).Registers;

    /// <remarks>Queries and keys are as many, so that a thread has as many rows of either.</remarks>
    private static int? OfAttention(KernelOperand query, int heads, int matrices, int scores, Func<AttentionTiles, int> sums)
    {
        if (TileModel.ChooseAttention(query.Columns / heads, matrices, scores, KernelOptions.Default.Limits) is not { } tile)
            return null;
        var tiles = new AttentionTiles(query, heads, tile);
        int rows = tile.Queries / tiles.Side, keys = tile.Keys / tiles.Side;
        return sums(tiles) + (scores * rows * keys) + rows + Math.Max(keys, tiles.PerThread) + Addresses;
    }

    /// <summary>A thread's part of a head's rows.</summary>
    private static int Rows(AttentionTiles tiles) => tiles.Tile.Queries / tiles.Side * tiles.PerThread;
}
