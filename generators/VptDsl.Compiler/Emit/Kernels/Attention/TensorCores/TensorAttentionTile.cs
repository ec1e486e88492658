namespace VptDsl.Compiler.Emit.Kernels;

/// <summary>
/// How attention on tensor cores is cut up: each warp of a group has 16 queries, and all of them the same keys at a time.
/// </summary>
/// <param name="Warps">Warps of a group.</param>
/// <param name="Keys">Keys that are in shared memory together: a multiple of 16.</param>
/// <param name="Columns">Columns of a head: a multiple of 16.</param>
internal sealed record TensorAttentionTile(int Warps, int Keys, int Columns)
{
    /// <summary>Queries of a warp: the rows of one instruction.</summary>
    public const int WarpQueries = TensorTile.BlockRows;

    /// <summary>Lanes that copy 16 bytes each of a row at a time: together 128 bytes, which are all banks.</summary>
    public const int LanesOfRow = 8, CopiedFloats = 4, CopiedTogether = LanesOfRow * CopiedFloats;

    /// <summary>
    /// The widest head whose queries and results a warp keeps in registers beside what it multiplies: wider ones of split floats spill.
    /// </summary>
    private const int MostColumns = 128, MostSplitColumns = 112;

    /// <summary>The widest whose keys, values and both their gradients it keeps there.</summary>
    private const int MostColumnsOfGradient = 64;

    private const int MostWarps = 4, ColumnsMultiple = 16;

    private const int MostKeys = 32, FewestKeys = 16;

    public int Queries => Warps * WarpQueries;

    public int Threads => Warps * ReferenceGpu.Warp;

    /// <summary>
    /// Bytes from row to row in shared memory. Four floats lie beyond a row, so that eight rows' chunks of 16 bytes, and eight columns of
    /// every other row, are in different banks.
    /// </summary>
    public int PitchBytes => (Columns + CopiedFloats) * sizeof(float);

    public int TileBytes => Keys * PitchBytes;

    /// <summary>Keys and values.</summary>
    public int StageBytes => 2 * TileBytes;

    /// <summary>One stage is multiplied while the next is copied.</summary>
    public int SharedBytes => 2 * StageBytes;

    /// <summary>Rows of all warps.</summary>
    public int RowBytes => Queries * Columns * sizeof(float);

    /// <summary>Rows that all threads copy a part of at a time.</summary>
    public int CopiedRows => Threads / LanesOfRow;

    /// <summary>
    /// The largest tile that a group has shared memory for. Null for fewer queries than tensor cores multiply together, and for heads that
    /// take more registers than there are or are no whole number of steps.
    /// </summary>
    public static TensorAttentionTile? Choose(int queries, int columns, int sharedBytes, Precision precision) =>
        Choose(queries, columns, precision == Precision.Float32 ? MostSplitColumns : MostColumns, MostKeys, sharedBytes);

    /// <summary>The same for a gradient of some rows: of queries, or of keys and values.</summary>
    /// <remarks>Where floats are split, scores of more lines would take registers that there are not.</remarks>
    public static TensorAttentionTile? ChooseForGradient(int rows, int columns, int sharedBytes, Precision precision) =>
        Choose(rows, columns, MostColumnsOfGradient, precision == Precision.Float32 ? FewestKeys : MostKeys, sharedBytes);

    private static TensorAttentionTile? Choose(int queries, int columns, int mostColumns, int mostKeys, int sharedBytes)
    {
        if (queries < WarpQueries || columns > mostColumns || columns % ColumnsMultiple != 0)
            return null;
        int warps = 1;
        while (warps < MostWarps && warps * WarpQueries < queries)
            warps *= 2;
        return new[] { MostKeys, FewestKeys }.Where(keys => keys <= mostKeys)
            .Select(keys => new TensorAttentionTile(warps, keys, columns)).FirstOrDefault(tile => tile.SharedBytes <= sharedBytes);
    }
}
