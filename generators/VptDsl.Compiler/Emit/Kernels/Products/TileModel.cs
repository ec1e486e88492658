using static VptDsl.Compiler.Emit.Kernels.ReferenceGpu;

namespace VptDsl.Compiler.Emit.Kernels;

/// <summary>Chooses tiles by estimating how long each candidate takes: the estimate need not be right, only its order.</summary>
internal static class TileModel
{
    /// <summary>Instructions of a step from tile to tile beside loads and stores: the loop, addresses, the barrier.</summary>
    private const int StepInstructions = 24;

    /// <summary>Threads that a multiprocessor needs before it can hide the latency of what they wait for.</summary>
    private const double ThreadsToHideLatency = 256;

    /// <summary>Clocks that a launch costs, for the kernel that adds slices up.</summary>
    private const double Launch = 4000;

    private const int MostSlices = 32;

    /// <summary>Slices take memory that the plan does not count, so that they have to save some of the time.</summary>
    private const double WorthSlicing = 0.85;

    /// <summary>
    /// Threads along either side of a group for a window, and queries or keys that it has at most, for which a thread has 7 × 7 scores in
    /// registers: the 49 tokens of a window are one tile.
    /// </summary>
    private const int WindowSide = 8, MostOfWindow = 56;

    /// <summary>Units of a row that a thread should have at most, and rows of a column that it should have at least.</summary>
    private const int UnitsOfThread = 8, TermsOfThread = 4;

    private static readonly ProductTile[] Candidates =
    [
        new(128, 128, 8, 8, 8, 1),
        new(128, 64, 16, 8, 8, 1),
        new(128, 64, 16, 8, 4, 1),
        new(64, 128, 16, 4, 8, 1),
        new(64, 64, 8, 8, 8, 1),
        new(64, 64, 16, 4, 4, 1),
        new(64, 32, 16, 4, 4, 1),
        new(32, 64, 16, 4, 4, 1),
        new(32, 32, 16, 4, 4, 1),
        new(32, 32, 16, 2, 2, 1),
        new(16, 32, 16, 2, 4, 1),
        new(16, 16, 16, 2, 2, 1),
    ];

    /// <summary>The tile that should be fastest for a product [rows, columns] summed over a depth.</summary>
    public static ProductTile Choose(ProductShape shape, KernelLimits limits) => Choose(shape, limits, Candidates);

    /// <summary>The tile with as many slices as should be fastest, where they are to be chosen.</summary>
    public static ProductTile ChooseSlices(ProductShape shape, KernelLimits limits, ProductTile tile) =>
        tile.Slices == ProductTile.ChosenSlices ? Choose(shape, limits, [tile with { Slices = 1 }]) : tile;

    private static ProductTile Choose(ProductShape shape, KernelLimits limits, ProductTile[] candidates)
    {
        ProductTile[] tiles = candidates.Where(c => c.Problem(limits) is null).OrderBy(tile => Clocks(shape, tile)).ToArray();
        ProductTile best = tiles.FirstOrDefault()
            ?? throw new ArgumentException(
                $"No tile of a product fits in {limits.SharedBytes} bytes and {limits.GroupThreads} threads.", nameof(limits));
        double least = WorthSlicing * Clocks(shape, best);
        foreach (ProductTile candidate in tiles)
        {
            for (int slices = 2; slices <= MostSlices; slices *= 2)
            {
                ProductTile tile = candidate with { Slices = slices };
                double clocks = Clocks(shape, tile);
                if (clocks >= least)
                    continue;
                best = tile;
                least = clocks;
            }
        }

        return best;
    }

    /// <summary>
    /// The tile of attention in windows: what a window has in as few equal parts as fit, or null where not even the smallest does.
    /// </summary>
    /// <param name="queries">Queries of a window.</param>
    /// <param name="keys">Keys of a window.</param>
    /// <param name="sharedFloats">What a tile takes of shared memory.</param>
    /// <param name="limits">What there is.</param>
    public static AttentionTile? ChooseWindows(int queries, int keys, Func<AttentionTile, int> sharedFloats, KernelLimits limits)
    {
        for (int most = MostOfWindow; most > 0; most -= WindowSide)
        {
            var tile = new AttentionTile(Part(queries), Part(keys), WindowSide * WindowSide);
            if (sharedFloats(tile) * sizeof(float) <= limits.SharedBytes && tile.Threads <= limits.GroupThreads)
                return tile;

            int Part(int lines)
            {
                int parts = (lines + most - 1) / most, each = (lines + parts - 1) / parts;
                return (each + WindowSide - 1) / WindowSide * WindowSide;
            }
        }

        return null;
    }

    /// <summary>Into how many slices a sum over windows and images is cut: enough groups for the device.</summary>
    /// <param name="groups">Groups of a slice.</param>
    /// <param name="windows">Windows of an image.</param>
    public static int WindowSlices(int groups, int windows)
    {
        int slices = 1;
        while (slices < 2 * MostSlices && groups * slices < 2 * Multiprocessors && windows * Images >= 2 * slices)
            slices *= 2;
        return slices;
    }

    /// <summary>
    /// The threads that reduce rows: some units for each thread, of which neighbouring threads read 128 bytes, and not less than four warps
    /// to a group.
    /// </summary>
    /// <param name="units">Units of a row.</param>
    /// <param name="unit">Columns of a unit: one or four.</param>
    /// <param name="limits">What a device must have.</param>
    public static ReductionTile RowReduction(int units, int unit, KernelLimits limits)
    {
        int across = limits.Warp / unit;
        while (across * UnitsOfThread < units && across * 2 <= limits.GroupThreads)
            across *= 2;
        int down = 1;
        while (across * down * 2 <= Math.Min(4 * limits.Warp, limits.GroupThreads))
            down *= 2;
        return new(across, down);
    }

    /// <summary>The threads that reduce columns: a warp reads neighbouring columns of a row.</summary>
    public static ReductionTile ColumnReduction(KernelLimits limits)
    {
        int down = 1;
        while (limits.Warp * down * 2 <= Math.Min(256, limits.GroupThreads))
            down *= 2;
        return new(limits.Warp, down);
    }

    /// <summary>
    /// Into how many slices the terms of sums down columns are cut: enough groups for the device, and some terms for each thread.
    /// </summary>
    public static int ReductionSlices(ThreadCount terms, int columns, ReductionTile tile)
    {
        long groups = (columns + tile.Across - 1) / tile.Across, rows = terms.Count * (terms.PerImage ? Images : 1);
        int slices = 1;
        while (slices < MostSlices && groups * slices < 2 * Multiprocessors && rows >= 2L * slices * tile.Down * TermsOfThread)
            slices *= 2;
        return slices;
    }

    /// <summary>An estimate of the time on the whole device, in clocks.</summary>
    public static double Clocks(ProductShape shape, ProductTile tile)
    {
        double rows = shape.Rows * (shape.RowsPerImage ? Images : 1.0), depth = shape.Depth * (shape.DepthPerImage ? Images : 1.0);
        double groups = Math.Ceiling(rows / tile.Rows) * Math.Ceiling((double)shape.Columns / tile.Columns) * tile.Slices;
        double steps = Math.Ceiling(depth / tile.Slices / tile.Depth) * tile.Depth;

        // The last groups leave some multiprocessors idle: half of one group's time on average, where the batch decides how many there are.
        double share = groups / Multiprocessors, each = shape.RowsPerImage ? Math.Max(1, share + 0.5) : Math.Ceiling(share);
        double busy = each * ((steps * ClocksOfDepth(tile)) + GroupStart);

        // Few threads on a multiprocessor wait for each other's latencies.
        double exposed = Math.Max(1, ThreadsToHideLatency / (Math.Min(Math.Ceiling(share), ResidentGroups(tile)) * tile.Threads));
        double adding = tile.Slices == 1 ? 0
            : Launch + (rows * shape.Columns * 2 * tile.Slices * sizeof(float) / (Multiprocessors * CacheBytes));
        return (busy * exposed) + adding;
    }

    /// <summary>Groups that a multiprocessor has room for.</summary>
    public static int ResidentGroups(ProductTile tile) => ReferenceGpu.ResidentGroups(tile.Threads, tile.Registers, tile.SharedFloats);

    /// <summary>Clocks of a multiprocessor to multiply one row of either operand's tile.</summary>
    private static double ClocksOfDepth(ProductTile tile)
    {
        double warps = (double)tile.Threads / Warp, across = Math.Min(tile.ColumnSide.Share.Threads, Warp),
            down = Math.Max(1, Warp / across);
        double loads = tile.RowSide.Share.Units + tile.ColumnSide.Share.Units;
        double moved = (double)(tile.Rows + tile.Columns) / tile.Threads;
        double arithmetic = tile.Rows * tile.Columns / MultiplyAdds;
        double issue =
            warps * ((tile.ThreadRows * tile.ThreadColumns) + loads + moved + ((moved + StepInstructions) / tile.Depth)) / Issues;

        // What arrives passes the same unit twice: from global memory into registers, and from there into shared memory.
        double shared = warps * (ReadsOf(tile.RowSide.Share, down) + ReadsOf(tile.ColumnSide.Share, across) + (2 * moved));
        double cache = (tile.Rows + tile.Columns) * sizeof(float) / CacheBytes;
        return Overlapped(arithmetic, issue, shared, cache);

        // Threads that read the same share a read; each instruction takes a clock for every 128 bytes.
        static double ReadsOf(LineShare share, double distinct) =>
            share.Units * Math.Max(1, distinct * share.Unit * sizeof(float) / SharedBytesAClock);
    }
}

/// <summary>The size of a product.</summary>
/// <param name="RowsPerImage">Whether each image has so many rows.</param>
/// <param name="Rows">Rows of the result.</param>
/// <param name="Columns">Columns of the result.</param>
/// <param name="DepthPerImage">Whether each image adds so much to the summed dimension.</param>
/// <param name="Depth">The summed dimension.</param>
internal sealed record ProductShape(bool RowsPerImage, int Rows, int Columns, bool DepthPerImage, int Depth);
