using static VptDsl.Compiler.Emit.Kernels.ReferenceGpu;

namespace VptDsl.Compiler.Emit.Kernels;

/// <summary>
/// Chooses tiles of attention by estimating how long each candidate takes: the estimate need not be right, only its order.
/// </summary>
internal static class AttentionModel
{
    /// <summary>
    /// Clocks from a tile's loads to the end of its last barrier beside the work between: other groups work meanwhile, where there are any.
    /// </summary>
    private const double StepLatency = 1200;

    /// <summary>Instructions beside products and their reads: for a score, for four floats loaded, and for the rest of a step.</summary>
    private const double ScoreInstructions = 12, LoadInstructions = 16, StepInstructions = 64;

    /// <summary>
    /// The most values of a thread: NVIDIA's assembler has 255 registers, and takes up to half as many again as are counted here.
    /// </summary>
    private const int MostRegisters = 168;

    /// <summary>A tile that was asked for may spill, but a thread with more results than this takes compilers minutes.</summary>
    private const int MostResults = 256;

    private const int AddressRegisters = 24;

    private static readonly int[] Lines = [64, 32, 16, 8];

    private static readonly int[] Sides = [8, 16];

    /// <summary>The tile that is asked for, or else the one that should be fastest; null where heads are too wide for it, or any.</summary>
    /// <param name="shape">What is computed.</param>
    /// <param name="sharedFloats">What a tile takes of shared memory.</param>
    /// <param name="options">What kernels are emitted for.</param>
    public static AttentionTile? Choose(AttentionShape shape, Func<AttentionTile, int> sharedFloats, KernelOptions options)
    {
        if (options.Attention is { } asked)
            return IsPossible(asked, shape.Columns) ? asked : null;
        KernelLimits limits = options.Limits;
        AttentionTile? best = null;
        double least = double.PositiveInfinity;
        foreach (AttentionTile tile in Candidates(limits))
        {
            int floats = sharedFloats(tile);
            if (floats * sizeof(float) > limits.SharedBytes || RegistersOf(shape, tile) > MostRegisters)
                continue;
            double clocks = Clocks(shape, tile, floats);
            if (clocks >= least)
                continue;
            best = tile;
            least = clocks;
        }

        return best;
    }

    /// <summary>Whether kernels can be emitted for a tile that was asked for, with heads of so many columns.</summary>
    public static bool IsPossible(AttentionTile tile, int columns) =>
        Math.Max(tile.Queries, tile.Keys) / tile.Side * (columns / tile.Side) <= MostResults;

    /// <summary>Values that a thread keeps in registers: its results, scores and slopes, what it multiplies, and addresses.</summary>
    public static int RegistersOf(AttentionShape shape, AttentionTile tile)
    {
        int side = tile.Side, queries = tile.Queries / side, keys = tile.Keys / side;
        int results = (shape.IsOfKeys ? keys : queries) * (int)Math.Ceiling((double)shape.Columns / side) * shape.Sums;
        return results + (queries * keys * shape.Scores) + (4 * (queries + keys)) + AddressRegisters;
    }

    private static IEnumerable<AttentionTile> Candidates(KernelLimits limits) =>
        from side in Sides
        where side * side <= limits.GroupThreads
        from queries in Lines
        from keys in Lines
        where queries >= side && keys >= side
        select new AttentionTile(queries, keys, side * side);

    /// <summary>An estimate of the time on the whole device, in clocks.</summary>
    private static double Clocks(AttentionShape shape, AttentionTile tile, int sharedFloats)
    {
        int images = shape.PerImage ? Images : 1, slices = Math.Min(shape.MostSlices ?? images, images);
        (int own, int ownLines, int other, int otherLines) = shape.IsOfKeys
            ? (tile.Keys, shape.Keys, tile.Queries, shape.Queries)
            : (tile.Queries, shape.Queries, tile.Keys, shape.Keys);
        double groups = Math.Ceiling((double)ownLines / own) * shape.Heads * slices;
        double steps = Math.Ceiling((double)otherLines / other) * images / slices;
        double share = groups / Multiprocessors;
        double resident = Math.Min(Math.Ceiling(share), ResidentGroups(tile.Threads, RegistersOf(shape, tile), sharedFloats));
        double work = ClocksOfStep(shape, tile, other);
        double step = Math.Max(work, (work + StepLatency) / resident);
        return Math.Max(1, share) * ((steps * step) + (GroupStart / resident));
    }

    /// <summary>Clocks of a multiprocessor for a tile of queries and a tile of keys.</summary>
    private static double ClocksOfStep(AttentionShape shape, AttentionTile tile, int loaded)
    {
        double side = tile.Side, warps = (double)tile.Threads / Warp, queries = tile.Queries / side, keys = tile.Keys / side;
        double multiplyAdds = (double)tile.Queries * tile.Keys * shape.Columns * (shape.Scores + shape.Sums);

        // Reads of four floats: those of one line of threads are distinct, and take a clock for every 128 bytes.
        double distinct = Math.Max(1, side * 4 * sizeof(float) / SharedBytesAClock);
        double scoreReads = shape.Columns / 4.0 * (queries + (keys * distinct));
        double sumReads =
            (shape.IsOfKeys ? tile.Queries : tile.Keys) * ((shape.IsOfKeys ? keys : queries) + (shape.Columns / side * distinct)) / 4;
        double reads = warps * ((shape.Scores * scoreReads) + (shape.Sums * sumReads));
        double others = (ScoreInstructions * queries * keys * shape.Scores)
            + (LoadInstructions * 2 * loaded * shape.Columns / 4 / tile.Threads) + StepInstructions;
        double issue = ((multiplyAdds / Warp) + reads + (warps * others)) / Issues;
        double cache = 2.0 * loaded * shape.Columns * sizeof(float) / CacheBytes;
        return Overlapped(multiplyAdds / MultiplyAdds, issue, reads, cache);
    }
}

/// <summary>The size of a kernel of attention.</summary>
/// <param name="PerImage">Whether each image has so many.</param>
/// <param name="Queries">Queries.</param>
/// <param name="Keys">Keys of all segments.</param>
/// <param name="Heads">Heads.</param>
/// <param name="Columns">Columns of a head.</param>
/// <param name="Scores">Products of queries and keys: scores, and in a gradient slopes.</param>
/// <param name="Sums">Products of these and a head's columns.</param>
internal sealed record AttentionShape(bool PerImage, int Queries, int Keys, int Heads, int Columns, int Scores, int Sums)
{
    /// <summary>Whether a group has a tile of keys and passes over the queries; else it is the other way round.</summary>
    public bool IsOfKeys { get; init; }

    /// <summary>By how many groups at most the images are shared; null where each has groups of its own.</summary>
    public int? MostSlices { get; init; }
}
