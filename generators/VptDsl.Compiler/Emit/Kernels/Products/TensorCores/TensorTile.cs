namespace VptDsl.Compiler.Emit.Kernels;

/// <summary>How a product on tensor cores is cut up: a group of warps has a tile of the result, each warp a part of it.</summary>
/// <param name="Rows">Rows of the result that a group computes.</param>
/// <param name="Columns">Columns of the result that a group computes.</param>
/// <param name="WarpRows">Rows that a warp computes: 16 times a power of two, at least 32.</param>
/// <param name="WarpColumns">Columns that a warp computes: 32 times a power of two.</param>
internal sealed record TensorTile(int Rows, int Columns, int WarpRows, int WarpColumns)
{
    /// <summary>Floats of a line that are in shared memory at a time: two steps of 8, or one of 16 in bfloat16.</summary>
    public const int Depth = 16;

    /// <summary>Tiles that are in shared memory or on their way there: one is multiplied, two are copied.</summary>
    public const int Stages = 3;

    /// <summary>Rows and columns that one instruction multiplies, and how deep.</summary>
    public const int BlockRows = 16, BlockColumns = 8, BlockDepth = 8;

    /// <summary>From the largest to the smallest.</summary>
    public static readonly TensorTile[] Candidates = [new(128, 128, 64, 32), new(128, 64, 64, 32), new(64, 64, 32, 32)];

    public int WarpsDown => Rows / WarpRows;

    public int WarpsAcross => Columns / WarpColumns;

    public int Threads => WarpsDown * WarpsAcross * ReferenceGpu.Warp;

    /// <summary>Blocks of rows that a warp multiplies.</summary>
    public int RowBlocks => WarpRows / BlockRows;

    /// <summary>Blocks of columns that a warp multiplies.</summary>
    public int ColumnBlocks => WarpColumns / BlockColumns;

    /// <summary>The tiles of both operands.</summary>
    public int StageBytes => (Rows + Columns) * Depth * sizeof(float);

    /// <summary>Rows of the result that pass through shared memory together: a block of each warp.</summary>
    public int PassRows => WarpsDown * BlockRows;

    /// <summary>Floats from row to row there: eight lie beyond a row, so that what a warp stores is in different banks.</summary>
    public int PassPitch => Columns + 8;

    public int SharedBytes => Math.Max(Stages * StageBytes, PassRows * PassPitch * sizeof(float));

    /// <summary>
    /// The largest tile of which every multiprocessor has two; the smallest where each has one. Null where some would have none: such a
    /// product is cut into slices instead, as <see cref="TileModel"/> does.
    /// </summary>
    /// <remarks>
    /// The parts of split floats need so many registers that a multiprocessor has room for one group of the largest tile, which would wait
    /// for its own barriers, but for three of the next.
    /// </remarks>
    public static TensorTile? Choose(ProductShape shape, Precision precision)
    {
        double rows = shape.Rows * (shape.RowsPerImage ? ReferenceGpu.Images : 1.0);
        TensorTile smallest = Candidates[Candidates.Length - 1];
        return Candidates.Skip(precision == Precision.Float32 ? 1 : 0)
                .FirstOrDefault(tile => Tiles(tile) >= 2 * ReferenceGpu.Multiprocessors)
            ?? (Tiles(smallest) >= ReferenceGpu.Multiprocessors ? smallest : null);

        double Tiles(TensorTile tile) => Math.Ceiling(rows / tile.Rows) * Math.Ceiling((double)shape.Columns / tile.Columns);
    }
}
