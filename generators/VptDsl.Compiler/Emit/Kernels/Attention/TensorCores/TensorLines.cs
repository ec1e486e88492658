namespace VptDsl.Compiler.Emit.Kernels;

/// <summary>
/// Two matrices whose lines belong together, keys and values or queries and their outputs' gradients: how tiles of them get into shared
/// memory, and from there into fragments. Those of all segments are taken for one matrix, one behind the other, so that a tile may have
/// lines of two segments, and only the last tile has fewer than others.
/// </summary>
internal sealed class TensorLines
{
    private const int ChunkBytes = TensorAttentionTile.CopiedFloats * sizeof(float);

    private readonly PtxWriter _ptx;
    private readonly TensorAttentionTile _tile;
    private readonly (KernelOperand First, KernelOperand Second, int Start)[] _segments;
    private readonly string[] _firstBases, _secondBases;
    private readonly string _row, _to, _toCopy, _line, _size, _place, _offset, _firstFrom, _secondFrom, _read, _readTerms, _at, _termsAt;
    private readonly string _isThere, _isOfNext, _isInside;

    /// <param name="ptx">Writes the kernel.</param>
    /// <param name="tile">The tile.</param>
    /// <param name="segments">Both matrices of each segment.</param>
    public TensorLines(PtxWriter ptx, TensorAttentionTile tile, IReadOnlyList<(KernelOperand First, KernelOperand Second)> segments)
    {
        (_ptx, _tile) = (ptx, tile);
        _segments = [.. segments.Select((s, i) => (s.First, s.Second, segments.Take(i).Sum(before => before.First.Rows)))];
        Count = segments.Sum(s => s.First.Rows);
        _firstBases = ptx.Longs("firstBase", segments.Count);
        _secondBases = ptx.Longs("secondBase", segments.Count);
        _row = ptx.Word("copyRow");
        _to = ptx.Word("to");
        _toCopy = ptx.Word("toCopy");
        _line = ptx.Word("copyLine");
        _size = ptx.Word("size");
        _place = ptx.Long("place");
        _offset = ptx.Long("offset");
        _firstFrom = ptx.Long("firstFrom");
        _secondFrom = ptx.Long("secondFrom");
        _read = ptx.Word("read");
        _readTerms = ptx.Word("readTerms");
        _at = ptx.Word("readAt");
        _termsAt = ptx.Word("termsAt");
        _isThere = ptx.Predicate("copyThere");
        _isOfNext = ptx.Predicate("ofNext");
        _isInside = ptx.Predicate("inside");
    }

    /// <summary>Lines of all segments.</summary>
    public int Count { get; }

    /// <summary>Writes what is known of the thread.</summary>
    public void WriteSetUp()
    {
        _ptx.Comment("What this thread copies of a tile, and what it reads.");
        _ptx.Line($"and.b32 {_line}, thread, {TensorAttentionTile.LanesOfRow - 1}; shr.u32 {_row}, thread, 3; "
            + $"mul.lo.u32 {_to}, {_row}, {_tile.PitchBytes}; mad.lo.u32 {_to}, {_line}, {ChunkBytes}, {_to}; "
            + $"add.u32 {_to}, {_to}, {PtxWriter.Shared};");
        if (RaggedChunks > 0)
            _ptx.Line($"setp.lt.u32 {_isInside}, {_line}, {RaggedChunks};");
        _ptx.Line($"mul.wide.u32 {_place}, {_line}, {ChunkBytes};");

        // Of four matrices that an instruction reads, two have eight lines' neighbouring chunks, two those of the next eight lines.
        _ptx.Line($"and.b32 {_read}, lane, 7; shr.u32 {_line}, lane, 4; mad.lo.u32 {_read}, {_line}, 8, {_read}; "
            + $"mul.lo.u32 {_read}, {_read}, {_tile.PitchBytes}; and.b32 {_line}, lane, 8; shl.b32 {_line}, {_line}, 1; "
            + $"add.u32 {_read}, {_read}, {_line}; add.u32 {_read}, {_read}, {PtxWriter.Shared};");

        // Where lines are summed over, a lane reads those two of a block whose scores it has.
        _ptx.Line($"and.b32 {_readTerms}, lane, 3; mul.lo.u32 {_readTerms}, {_readTerms}, {2 * _tile.PitchBytes}; "
            + $"shr.u32 {_line}, lane, 2; mad.lo.u32 {_readTerms}, {_line}, {sizeof(float)}, {_readTerms}; "
            + $"add.u32 {_readTerms}, {_readTerms}, {PtxWriter.Shared};");
    }

    /// <summary>Writes where copies begin: where every segment would begin if the first reached so far.</summary>
    /// <param name="address">Writes the address of an operand's first row of an image and a head into a register.</param>
    public void WriteBases(Action<KernelOperand, string> address)
    {
        for (int s = 0; s < _segments.Length; s++)
        {
            (KernelOperand first, KernelOperand second, int start) = _segments[s];
            Write(first, _firstBases[s], start);
            Write(second, _secondBases[s], start);
        }

        void Write(KernelOperand operand, string register, int start)
        {
            address(operand, register);
            _ptx.Line($"add.s64 {register}, {register}, {_place};");
            if (start > 0)
                _ptx.Line($"add.s64 {register}, {register}, {SourceWriter.Literal(-start * RowBytes(operand))};");
        }
    }

    /// <summary>Writes the copies of a tile; lines that do not exist are zeros.</summary>
    /// <param name="first">The register of the tile's first line.</param>
    /// <param name="stage">The register of where the stage begins in shared memory.</param>
    public void WriteCopy(string first, string stage)
    {
        _ptx.Line($"add.u32 {_toCopy}, {_to}, {stage};");
        for (int row = 0; row < _tile.Keys; row += _tile.CopiedRows)
        {
            _ptx.Line($"add.u32 {_line}, {first}, {_row};{(row > 0 ? $" add.u32 {_line}, {_line}, {row};" : "")} "
                + $"setp.lt.u32 {_isThere}, {_line}, {Count}; selp.b32 {_size}, {ChunkBytes}, 0, {_isThere};");
            for (int s = 0; s < _segments.Length; s++)
                WriteFrom(s);
            for (int column = 0; column < _tile.Columns; column += TensorAttentionTile.CopiedTogether)
            {
                int to = (row * _tile.PitchBytes) + (column * sizeof(float));
                string where = column + TensorAttentionTile.CopiedTogether > _tile.Columns ? $"@{_isInside} " : "";
                _ptx.Line($"{where}{Copy(to, _firstFrom, column)} {where}{Copy(to + _tile.TileBytes, _secondFrom, column)}");
            }
        }
    }

    /// <summary>Writes where a warp reads of a stage.</summary>
    /// <param name="stage">The register of where the stage begins in shared memory.</param>
    public void WriteReadStage(string stage) =>
        _ptx.Line($"add.u32 {_at}, {_read}, {stage}; add.u32 {_termsAt}, {_readTerms}, {stage};");

    /// <summary>Reads columns that are lines of a tile, of which eight neighbouring floats are summed over.</summary>
    /// <param name="isSecond">Whether they are the second matrix'.</param>
    /// <param name="step">Which eight floats.</param>
    /// <param name="pair">Which 16 lines.</param>
    /// <param name="registers">Four registers.</param>
    public void WriteLines(bool isSecond, int step, int pair, string[] registers) => _ptx.Line(
        $"ldmatrix.sync.aligned.m8n8.x4.shared.b16 {TensorInstructions.Vector(registers)}, "
            + $"[{_at}+{Tile(isSecond) + (pair * 16 * _tile.PitchBytes) + (step * TensorTile.BlockDepth * sizeof(float))}];");

    /// <summary>
    /// Reads columns of a tile, of which eight lines are summed over, in the order in which lanes have these lines' scores.
    /// </summary>
    /// <param name="isSecond">Whether they are the second matrix'.</param>
    /// <param name="block">Which eight lines.</param>
    /// <param name="pair">Which 16 columns.</param>
    /// <param name="registers">Four registers.</param>
    public void WriteTerms(bool isSecond, int block, int pair, string[] registers) => _ptx.Lines(registers.Select((register, i) =>
    {
        int row = (block * TensorTile.BlockDepth) + (i % 2), column = (pair * 16) + (i / 2 * TensorTile.BlockColumns);
        return $"ld.shared.b32 {register}, [{_termsAt}+{Tile(isSecond) + (row * _tile.PitchBytes) + (column * sizeof(float))}];";
    }));

    private int Tile(bool isSecond) => isSecond ? _tile.TileBytes : 0;

    /// <summary>Lanes that copy of the end of a row; none where rows end with all of them.</summary>
    private int RaggedChunks => _tile.Columns % TensorAttentionTile.CopiedTogether / TensorAttentionTile.CopiedFloats;

    private void WriteFrom(int segment)
    {
        (KernelOperand first, KernelOperand second, int start) = _segments[segment];
        string where = segment == 0 ? "" : $"@{_isOfNext} ";
        if (segment > 0)
            _ptx.Line($"setp.ge.u32 {_isOfNext}, {_line}, {start};");
        _ptx.Line($"{where}mul.wide.u32 {_offset}, {_line}, {Bytes(first)}; "
            + $"{where}add.s64 {_firstFrom}, {_firstBases[segment]}, {_offset};");
        if (first.Layout.RowStride != second.Layout.RowStride)
            _ptx.Line($"{where}mul.wide.u32 {_offset}, {_line}, {Bytes(second)};");
        _ptx.Line($"{where}add.s64 {_secondFrom}, {_secondBases[segment]}, {_offset};");
    }

    private string Copy(int to, string from, int column) =>
        $"cp.async.cg.shared.global [{_toCopy}+{to}], [{from}+{column * sizeof(float)}], {ChunkBytes}, {_size};";

    private static string Bytes(KernelOperand operand) => SourceWriter.Literal(RowBytes(operand));

    private static long RowBytes(KernelOperand operand) => operand.Layout.RowStride * sizeof(float);
}
