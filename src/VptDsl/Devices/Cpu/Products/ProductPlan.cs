namespace VptDsl.Devices.Cpu;

/// <summary>
/// How a product is cut: its sums into blocks of depth, its result into a grid of items. The blocks of depth, and whether sums are
/// split between items, decide the order of summation, so they follow from the sizes alone; the grid may follow the threads too.
/// </summary>
internal readonly struct ProductPlan
{
    // A panel of B of this depth, 48 KiB, stays in the second-level cache while the item's panels of A pass by.
    private const int MostDepth = 384;

    // Packed A of an item: half of a second-level cache of 1 MiB.
    private const int FloatsOfA = 144 * 1024;
    private const int FewestRows = 48;
    private const int MostRows = 144;

    // Below this an item is not worth handing out: about 5 microseconds of multiplication.
    private const double WorkOfItem = 256 * 1024;
    private const int ItemsPerThread = 16;

    // Splitting sums pays where the result is small and the sums are long.
    private const int MostTilesToSplit = 16;
    private const int FewestBlocksToSplit = 8;
    private const int MostParts = 32;

    // Packing A again for every item of a row of the grid must stay small beside the item's work.
    private const int FewestPanelsToRepack = 6;
    private const long MostFloatsToShare = 256 * 1024;

    // Rows at a multiple of this stride, 4 KiB, fall on the same few lines of a first-level cache and drive each other out.
    private const long FloatsOfCacheWay = 1024;

    /// <summary>Cuts a product for a number of threads.</summary>
    /// <param name="call">The product.</param>
    /// <param name="threads">The number of threads.</param>
    /// <param name="keepsB">Whether panels of B outlive the call.</param>
    public ProductPlan(in ProductCall call, int threads, bool keepsB)
    {
        RowPanels = Panels.Count(call.M, MicroKernel.Rows);
        ColumnPanels = Panels.Count(call.N, MicroKernel.Columns);
        DepthBlocks = (int)((call.K + MostDepth - 1) / MostDepth);
        Depth = (int)((call.K + DepthBlocks - 1) / DepthBlocks);
        DepthBlocks = (int)((call.K + Depth - 1) / Depth);
        BlocksPerPart = DepthBlocks;
        Parts = 1;
        if ((long)RowPanels * ColumnPanels <= MostTilesToSplit && DepthBlocks >= FewestBlocksToSplit)
        {
            BlocksPerPart = (DepthBlocks + MostParts - 1) / MostParts;
            Parts = (DepthBlocks + BlocksPerPart - 1) / BlocksPerPart;
            RowPanelsPerItem = RowPanels;
            ColumnPanelsPerItem = ColumnPanels;
            return;
        }

        double work = (double)call.M * call.N * call.K;
        int target = threads == 1 ? 1 : (int)Math.Clamp(work / WorkOfItem, 1, ItemsPerThread * threads);
        long rows = Math.Clamp(FloatsOfA / call.K, FewestRows, MostRows);
        int rowBlocks = Panels.Count(call.M, (int)rows);
        bool smallA = call.M * call.K <= MostFloatsToShare;
        int fewestPanels = rowBlocks == 1 || smallA ? 1 : FewestPanelsToRepack;
        int columnBlocks = Math.Clamp((target + rowBlocks - 1) / rowBlocks, 1, Math.Max(1, ColumnPanels / fewestPanels));
        rowBlocks = Math.Clamp((target + columnBlocks - 1) / columnBlocks, rowBlocks, Math.Max(rowBlocks, RowPanels / 2));
        RowPanelsPerItem = (RowPanels + rowBlocks - 1) / rowBlocks;
        ColumnPanelsPerItem = (ColumnPanels + columnBlocks - 1) / columnBlocks;
        ReadsAInPlace = call.Layout != ProductLayout.TN && call.Patches.Kernel == 0 && call.A.RowStride % FloatsOfCacheWay != 0;
        SharesA = !ReadsAInPlace && smallA && ColumnBlocks > 1;
        SharesB = keepsB || RowBlocks > 1;
    }

    /// <summary>Panels of A.</summary>
    public int RowPanels { get; }

    /// <summary>Panels of B.</summary>
    public int ColumnPanels { get; }

    /// <summary>The depth of every block but the last.</summary>
    public int Depth { get; }

    /// <summary>Blocks of depth.</summary>
    public int DepthBlocks { get; }

    /// <summary>Blocks of depth that one part sums.</summary>
    public int BlocksPerPart { get; }

    /// <summary>Parts that sums are split into; 1 unless the result is too small to occupy all threads.</summary>
    public int Parts { get; }

    /// <summary>Panels of A in an item.</summary>
    public int RowPanelsPerItem { get; }

    /// <summary>Panels of B in an item.</summary>
    public int ColumnPanelsPerItem { get; }

    /// <summary>Whether A is read where it lies, but for panels that are not full or whose rows are not at one stride.</summary>
    public bool ReadsAInPlace { get; }

    /// <summary>Whether A is packed once for all items, or by each item for itself.</summary>
    public bool SharesA { get; }

    /// <summary>Whether B is packed once for all items, or by each item for itself.</summary>
    public bool SharesB { get; }

    /// <summary>Rows of the grid of items.</summary>
    public int RowBlocks => (RowPanels + RowPanelsPerItem - 1) / RowPanelsPerItem;

    /// <summary>Columns of the grid of items.</summary>
    public int ColumnBlocks => (ColumnPanels + ColumnPanelsPerItem - 1) / ColumnPanelsPerItem;
}
