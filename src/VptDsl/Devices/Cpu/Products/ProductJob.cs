using System.Runtime.CompilerServices;
using VptDsl.Common;

namespace VptDsl.Devices.Cpu;

/// <summary>A product under way: the call, how it is cut, and where packed operands and unfinished tiles lie.</summary>
internal unsafe struct ProductJob(in ProductCall call, in ProductPlan plan)
{
    /// <summary>Panels that are packed together: neighbouring columns share pages and prefetched lines.</summary>
    public const int PanelsTogether = 4;

    private readonly ProductCall _call = call;
    private readonly nint _epilogue = ProductEpilogue.RoutineOf(call);
    private float* _sharedA;
    private float* _sharedB;
    private float* _parts;
    private float* _scratch;
    private long _scratchStride;
    private bool _keepsPairs;
    private long _ownPanelsOfB;
    private long _ownUnpacked;
    private long _ownTiles;

    /// <summary>Floats of a tile.</summary>
    public static int TileFloats
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => MicroKernel.Rows * MicroKernel.Columns;
    }

    /// <summary>How the product is cut.</summary>
    public ProductPlan Plan { get; } = plan;

    /// <summary>Items that pack the shared A: groups of panels, times blocks of depth.</summary>
    public int PackItemsOfA { get; private set; }

    /// <summary>Items that pack the shared B.</summary>
    public int PackItemsOfB { get; private set; }

    /// <summary>Floats of the shared packed operands.</summary>
    public long PackedFloats { get; private set; }

    /// <summary>The running thread's tiles.</summary>
    public readonly float* OwnTiles => Own + _ownTiles;

    private readonly float* Own => _scratch + (CpuWorkers.Current * _scratchStride);

    /// <summary>Takes the memory that the product needs.</summary>
    /// <param name="workers">Whose memory it is.</param>
    /// <param name="panelsTogether">Panels of B that an item has in packed form at a time.</param>
    /// <param name="packedB">Where panels of B stay from call to call, or null.</param>
    public void TakeMemory(CpuWorkers workers, int panelsTogether, PackedOperand? packedB)
    {
        var plan = Plan;
        int groupsOfA = plan.SharesA ? Panels.Count(plan.RowPanels, PanelsTogether) : 0;
        bool packsB = plan.SharesB && packedB is not { IsPacked: true };
        int groupsOfB = packsB ? Panels.Count(plan.ColumnPanels, PanelsTogether) : 0;
        PackItemsOfA = groupsOfA * plan.DepthBlocks;
        PackItemsOfB = groupsOfB * plan.DepthBlocks;

        long sharedA = plan.SharesA ? CpuWorkers.RoundUp(_call.K * plan.RowPanels * MicroKernel.Rows) : 0;
        long panelsOfB = PackedOperand.FloatsOf(_call.N, _call.K);
        long sharedB = plan.SharesB && packedB is null ? panelsOfB : 0;
        long parts = plan.Parts > 1 ? (long)plan.Parts * plan.RowPanels * plan.ColumnPanels * TileFloats : 0;
        PackedFloats = sharedA + (packsB ? panelsOfB : 0);
        float* shared = workers.Shared(sharedA + sharedB + parts);
        _sharedA = plan.SharesA ? shared : null;
        _sharedB = packedB is not null ? packedB.Panels : plan.SharesB ? shared + sharedA : null;
        _parts = shared + sharedA + sharedB;

        long depth = Math.Min(_call.K, (long)plan.BlocksPerPart * plan.Depth);
        _ownPanelsOfB = plan.SharesA ? 0 : CpuWorkers.RoundUp(depth * plan.RowPanelsPerItem * MicroKernel.Rows);
        _keepsPairs = plan.SharesB && packedB is { IsInPairs: true };
        long panel = (long)plan.Depth * MicroKernel.Columns;
        int ownPanels = _keepsPairs ? PanelsTogether : plan.SharesB ? 0 : panelsTogether;
        _ownUnpacked = _ownPanelsOfB + CpuWorkers.RoundUp(ownPanels * panel);
        _ownTiles = _ownUnpacked + (_call.BInPairs ? CpuWorkers.RoundUp(PanelsTogether * panel) : 0);
        long tiles = plan.Parts > 1 ? 0 : (long)plan.RowPanelsPerItem * panelsTogether * TileFloats;
        _scratch = workers.Scratch(_ownTiles + tiles, out _scratchStride);
    }

    /// <summary>The place of a panel in the shared A.</summary>
    public readonly float* SharedPanelOfA(int block, int panel) => PanelOf(_sharedA, block, 0, Plan.RowPanels, panel, MicroKernel.Rows);

    /// <summary>The place of a panel in the shared B.</summary>
    public readonly float* SharedPanelOfB(int block, int panel) =>
        PanelOf(_sharedB, block, 0, Plan.ColumnPanels, panel, MicroKernel.Columns);

    /// <summary>The unfinished tiles of a part of the sums.</summary>
    public readonly float* TilesOfPart(int part) => _parts + ((long)part * Plan.RowPanels * Plan.ColumnPanels * TileFloats);

    /// <summary>Packs those of an item's panels of A that are not read in place into the thread's memory, unless A is shared.</summary>
    public readonly void PackOwnA(int firstPanel, int panels, int block, int endBlock)
    {
        if (Plan.SharesA)
        {
            return;
        }

        float* own = Own;
        for (int b = block; b < endBlock; b++)
        {
            if (!Plan.ReadsAInPlace)
            {
                PackA(firstPanel, panels, b, PanelOf(own, b, block, panels, 0, MicroKernel.Rows));
                continue;
            }

            for (int panel = 0; panel < panels; panel++)
            {
                if (!IsInPlace(firstPanel + panel))
                {
                    PackA(firstPanel + panel, 1, b, PanelOf(own, b, block, panels, panel, MicroKernel.Rows));
                }
            }
        }
    }

    /// <summary>Packs neighbouring panels of a block of A.</summary>
    public readonly void PackA(int firstPanel, int panels, int block, float* destination)
    {
        if (_call.Patches.Kernel > 0)
        {
            PackPatches(firstPanel, panels, block, destination);
            return;
        }

        PackPanels(_call.A, _call.Layout != ProductLayout.TN, _call.M, firstPanel, panels, MicroKernel.Rows, block, destination);
    }

    /// <summary>Packs neighbouring panels of a block of the shared B.</summary>
    /// <param name="firstPanel">The first of them.</param>
    /// <param name="panels">How many: <see cref="PanelsTogether"/> at most.</param>
    /// <param name="block">The block of depth.</param>
    public readonly void PackSharedB(int firstPanel, int panels, int block)
    {
        if (!_keepsPairs)
        {
            PackB(firstPanel, panels, block, SharedPanelOfB(block, firstPanel));
            return;
        }

        float* floats = Own + _ownPanelsOfB;
        int count = panels * DepthOf(block) * MicroKernel.Columns;
        PackB(firstPanel, panels, block, floats);
        BFloat16.Pack(new(floats, count), new(SharedPairsOfB(block, firstPanel), count));
    }

    /// <summary>Packs neighbouring panels of a block of B.</summary>
    public readonly void PackB(int firstPanel, int panels, int block, float* destination)
    {
        bool lanesAreRows = _call.Layout == ProductLayout.NT;
        if (!_call.BInPairs)
        {
            PackPanels(_call.B, lanesAreRows, _call.N, firstPanel, panels, MicroKernel.Columns, block, destination);
            return;
        }

        int depth = DepthOf(block);
        for (int panel = 0; panel < panels; panel += PanelsTogether)
        {
            int together = Math.Min(PanelsTogether, panels - panel);
            PackPairs(lanesAreRows, firstPanel + panel, together, block, destination);
            destination += (long)together * depth * MicroKernel.Columns;
        }
    }

    /// <summary>Computes tiles, [column panel, row panel, tile]; A must have been packed.</summary>
    /// <param name="firstRow">The first panel of A.</param>
    /// <param name="rowPanels">The number of panels of A.</param>
    /// <param name="firstColumn">The first panel of B.</param>
    /// <param name="columnPanels">The number of panels of B.</param>
    /// <param name="block">The first block of depth.</param>
    /// <param name="endBlock">The block of depth after the last.</param>
    /// <param name="tiles">Room for the tiles.</param>
    /// <param name="finish">Whether to take the tiles through the epilogue.</param>
    public readonly void Multiply(
        int firstRow, int rowPanels, int firstColumn, int columnPanels, int block, int endBlock, float* tiles, bool finish)
    {
        float* own = Own;
        for (int b = block; b < endBlock; b++)
        {
            int depth = DepthOf(b);
            float* a = Plan.SharesA ? SharedPanelOfA(b, firstRow) : PanelOf(own, b, block, rowPanels, 0, MicroKernel.Rows);
            float* panelOfB = Plan.SharesB ? SharedPanelOfB(b, firstColumn) : own + _ownPanelsOfB;
            if (!Plan.SharesB)
            {
                PackB(firstColumn, columnPanels, b, panelOfB);
            }

            // While a panel of B is multiplied, the one after it is fetched.
            long panelFloats = (long)depth * MicroKernel.Columns;
            float* tile = tiles;
            for (int c = 0; c < columnPanels; c++)
            {
                float* panelOfA = a;
                float* fetched = panelOfB + panelFloats;
                long fetchedFloats = panelFloats;
                if (_keepsPairs)
                {
                    ushort* pairs = SharedPairsOfB(b, firstColumn + c);
                    panelOfB = own + _ownPanelsOfB;
                    BFloat16.Unpack(new(pairs, (int)panelFloats), new(panelOfB, (int)panelFloats));
                    fetched = (float*)(pairs + panelFloats);
                    fetchedFloats = panelFloats / 2;
                }

                for (int r = firstRow; r < firstRow + rowPanels; r++)
                {
                    bool isLast = finish && b == endBlock - 1;
                    if (isLast)
                    {
                        ProductEpilogue.Prefetch(
                            _call, (long)r * MicroKernel.Rows, RowsOf(r), (firstColumn + c) * MicroKernel.Columns);
                    }

                    var left = IsInPlace(r) ? InPlace(r, b) : LeftPanel.Packed(panelOfA);
                    long ahead = (r - firstRow) * (long)depth * MicroKernel.FloatsAheadOfStep;
                    float* next = ahead < fetchedFloats ? fetched + ahead : panelOfB;
                    MicroKernel.Run(RowsOf(r), ColumnsOf(firstColumn + c), depth, left, panelOfB, next, tile, accumulate: b > block);
                    if (isLast)
                    {
                        Finish(r, firstColumn + c, tile);
                    }

                    panelOfA += (long)depth * MicroKernel.Rows;
                    tile += TileFloats;
                }

                panelOfB += panelFloats;
            }
        }
    }

    // Whether a panel of A is read where it lies: its rows are at one stride, and there are as many as the kernel reads.
    private readonly bool IsInPlace(int panel)
    {
        if (!Plan.ReadsAInPlace || RowsOf(panel) < MicroKernel.Rows)
        {
            return false;
        }

        long first = (long)panel * MicroKernel.Rows;
        return _call.A.IsContiguousRows || (first % _call.A.RowsPerImage) + MicroKernel.Rows <= _call.A.RowsPerImage;
    }

    private readonly LeftPanel InPlace(int panel, int block) =>
        new(_call.A.Row((long)panel * MicroKernel.Rows) + ((long)block * Plan.Depth), row: _call.A.RowStride, step: 1);

    /// <summary>Takes a complete tile through the epilogue into C.</summary>
    public readonly void Finish(int rowPanel, int columnPanel, float* tile)
    {
        int column = columnPanel * MicroKernel.Columns;
        ProductEpilogue.Store(
            _call, _epilogue, tile, (long)rowPanel * MicroKernel.Rows, RowsOf(rowPanel), column, ColumnsOf(columnPanel));
    }

    private readonly int RowsOf(int rowPanel) => (int)Math.Min(MicroKernel.Rows, _call.M - ((long)rowPanel * MicroKernel.Rows));

    private readonly int ColumnsOf(int columnPanel) => Math.Min(MicroKernel.Columns, _call.N - (columnPanel * MicroKernel.Columns));

    private readonly int DepthOf(int block) => (int)Math.Min(Plan.Depth, _call.K - ((long)block * Plan.Depth));

    // Blocks of depth lie one after the other, from firstBlock on; in each, all panels.
    private readonly float* PanelOf(float* packed, int block, int firstBlock, int panels, int panel, int width) =>
        packed + ((long)(block - firstBlock) * Plan.Depth * panels * width) + ((long)panel * DepthOf(block) * width);

    private readonly ushort* SharedPairsOfB(int block, int panel) =>
        (ushort*)_sharedB + (SharedPanelOfB(block, panel) - _sharedB);

    /// <summary>Packs neighbouring panels of a block of B that lies in memory in pairs: unpacked first, into the thread's memory.</summary>
    private readonly void PackPairs(bool lanesAreRows, int firstPanel, int panels, int block, float* destination)
    {
        int depth = DepthOf(block), first = firstPanel * MicroKernel.Columns;
        int lanes = Math.Min(_call.N - first, panels * MicroKernel.Columns);
        long k0 = (long)block * Plan.Depth;
        float* unpacked = Own + _ownUnpacked;
        int rows = lanesAreRows ? lanes : depth, columns = lanesAreRows ? depth : lanes;
        long firstRow = lanesAreRows ? first : k0, firstColumn = lanesAreRows ? k0 : first;
        for (int row = 0; row < rows; row++)
        {
            ushort* source = (ushort*)_call.B.Row(firstRow + row) + firstColumn;
            BFloat16.Unpack(new(source, columns), new(unpacked + ((long)row * columns), columns));
        }

        PackLanes(new Matrix(unpacked, columns), lanesAreRows, 0, lanes, panels, MicroKernel.Columns, 0, depth, destination);
    }

    private readonly void PackPatches(int firstPanel, int panels, int block, float* destination)
    {
        int depth = DepthOf(block), channels = (int)(_call.K / _call.Patches.Taps);
        for (int panel = firstPanel; panel < firstPanel + panels; panel++)
        {
            long first = (long)panel * MicroKernel.Rows;
            PatchPanels.Pack(
                _call.A, _call.Patches, channels, first, _call.M - first, (long)block * Plan.Depth, depth, MicroKernel.Rows, destination);
            destination += (long)depth * MicroKernel.Rows;
        }
    }

    private readonly void PackPanels(
        in Matrix matrix, bool lanesAreRows, long lanes, int firstPanel, int panels, int width, int block, float* destination)
    {
        long first = (long)firstPanel * width;
        PackLanes(
            matrix, lanesAreRows, first, lanes - first, panels, width, (long)block * Plan.Depth, DepthOf(block), destination);
    }

    // Neighbouring panels of a matrix's lanes, from one on, of which there may be more.
    private static void PackLanes(
        in Matrix matrix, bool lanesAreRows, long first, long lanes, int panels, int width, long k0, int depth, float* destination)
    {
        long stride = (long)depth * width;
        if (!lanesAreRows)
        {
            Panels.FromColumns(matrix, first, Math.Min(lanes, (long)panels * width), k0, depth, width, destination, stride);
            return;
        }

        for (int panel = 0; panel < panels; panel++)
        {
            long lane = (long)panel * width;
            Panels.FromRows(matrix, first + lane, lanes - lane, k0, depth, width, destination);
            destination += stride;
        }
    }
}
