namespace VptDsl.Compiler.Emit.Kernels;

/// <summary>One operand of a product on tensor cores: how its tiles get into shared memory, and from there into fragments.</summary>
/// <remarks>
/// A line is a row of the left operand or a column of the right one. Tiles lie as memory does. Where a line's floats are neighbours, a line
/// of a tile is 64 bytes, whose four chunks of 16 are swapped by the line's number, and <c>ldmatrix</c> reads eight lines at a time. Where
/// lines are neighbours, the floats of all lines at a depth lie together, their chunks swapped by the depth, and each lane reads its own
/// float. Both ways the lanes of a warp meet in no bank.
/// </remarks>
internal sealed class TensorOperand
{
    private const int Chunk = 4, ChunkBytes = Chunk * sizeof(float), LineBytes = TensorTile.Depth * sizeof(float);

    private readonly PtxWriter _ptx;
    private readonly PtxRows _rows;
    private readonly KernelOperand _operand;
    private readonly TensorTile _tile;
    private readonly OperandPlace _place;
    private readonly bool _depthIsContiguous;

    // Floats that a copy moves; copies of a thread in each stage, and how many lines or depths these are apart.
    private readonly int _unit, _copies, _apart;
    private readonly string _line, _depth, _to, _toCopy, _read, _readStage, _bytes, _rowOfCopy;
    private readonly string[] _from, _sizes, _neighbours;
    private readonly string _isThere;

    /// <param name="ptx">Writes the kernel.</param>
    /// <param name="rows">Writes where rows begin.</param>
    /// <param name="operand">The matrix.</param>
    /// <param name="depthIsContiguous">Whether the floats of a line are neighbours in memory.</param>
    /// <param name="tile">The tile.</param>
    /// <param name="place">Which lines of the matrix a group has, and which a warp.</param>
    public TensorOperand(
        PtxWriter ptx, PtxRows rows, KernelOperand operand, bool depthIsContiguous, TensorTile tile, OperandPlace place)
    {
        (_ptx, _rows, _operand, _depthIsContiguous, _tile, _place) = (ptx, rows, operand, depthIsContiguous, tile, place);
        string name = operand.Name;
        _unit = operand.IsAlignedBy(Chunk) ? Chunk : 1;
        _copies = place.Lines * TensorTile.Depth / _unit / tile.Threads;
        _apart = tile.Threads / ItemsAcross;
        _line = ptx.Word(name + "Line");
        _depth = ptx.Word(name + "Depth");
        _to = ptx.Word(name + "To");
        _toCopy = ptx.Word(name + "ToCopy");
        _read = ptx.Word(name + "Read");
        _readStage = ptx.Word(name + "ReadStage");
        _bytes = ptx.Word(name + "Bytes");
        _rowOfCopy = ptx.Word(name + "Row");
        _from = ptx.Longs(name + "From", HasOneFrom ? 1 : _copies);
        _sizes = ptx.Words(name + "Size", depthIsContiguous ? _copies : 1);
        _neighbours = depthIsContiguous ? [] : ptx.Words(name + "Block", 4);
        _isThere = ptx.Predicate(name + "There");
    }

    /// <summary>Copies side by side in memory before the next line or depth begins.</summary>
    private int ItemsAcross => (_depthIsContiguous ? TensorTile.Depth : _place.Lines) / _unit;

    /// <summary>Whether one address is enough, from which a thread's other copies lie a constant apart.</summary>
    private bool HasOneFrom => _depthIsContiguous
        ? PtxRows.StrideBytes(_operand) is { } stride && stride * _place.Lines <= int.MaxValue
        : PtxRows.StrideBytes(_operand) is { } apart && apart * TensorTile.Depth <= int.MaxValue;

    /// <summary>Writes what is known before the first stage.</summary>
    public void WriteSetUp()
    {
        _ptx.Comment($"{_operand.Name}: what this thread copies, and what it reads.");
        string inner = _depthIsContiguous ? _depth : _line, outer = _depthIsContiguous ? _line : _depth;
        _ptx.Line($"and.b32 {inner}, thread, {ItemsAcross - 1}; shr.u32 {outer}, thread, {Log(ItemsAcross)};");
        if (_unit > 1)
            _ptx.Line($"shl.b32 {inner}, {inner}, {Log(_unit)};");
        WriteDestination();
        WriteSizes();
        WriteSource();
        WriteReadPlace();
    }

    /// <summary>Writes the copies of a stage, and moves on to the next.</summary>
    /// <param name="stage">The register of where the stage begins in shared memory.</param>
    public void WriteCopy(string stage)
    {
        _ptx.Line($"add.u32 {_toCopy}, {_to}, {stage};");
        for (int i = 0; i < _copies; i++)
            WriteCopy(i);
        if (_place.GuardsDepth || !HasOneFrom)
            _ptx.Line($"add.u32 {_depth}, {_depth}, {TensorTile.Depth};");
        if (_depthIsContiguous)
            _ptx.Lines(_from.Select(from => $"add.s64 {from}, {from}, {LineBytes};"));
        else if (HasOneFrom)
            _ptx.Line($"add.s64 {_from[0]}, {_from[0]}, {Number(PtxRows.StrideBytes(_operand)!.Value * TensorTile.Depth)};");
    }

    /// <summary>Writes where a warp reads of a stage.</summary>
    /// <param name="stage">The register of where the stage begins in shared memory.</param>
    public void WriteReadStage(string stage)
    {
        _ptx.Line($"add.u32 {_readStage}, {_read}, {stage};");
        _ptx.Lines(_neighbours.Select((neighbour, i) => $"xor.b32 {neighbour}, {_readStage}, {i * 2 * ChunkBytes};"));
    }

    /// <summary>Writes the fragment of a block of rows, four registers, at a step of the depth.</summary>
    public void WriteRowFragment(int step, int block, string[] fragment)
    {
        if (_depthIsContiguous)
        {
            WriteMatrices(step, block, fragment);
            return;
        }

        _ptx.Lines(Enumerable.Range(0, 4).Select(i => Read(fragment[i], step, i / 2, (2 * block) + (i % 2))));
    }

    /// <summary>Writes the fragments of all of a warp's blocks of columns, two registers each, at a step of the depth.</summary>
    public void WriteColumnFragments(int step, string[] fragments)
    {
        for (int pair = 0; pair < fragments.Length / 4; pair++)
        {
            string[] two = [.. fragments.Skip(4 * pair).Take(4)];
            if (_depthIsContiguous)
                WriteMatrices(step, pair, two);
            else
                _ptx.Lines(Enumerable.Range(0, 4).Select(i => Read(two[i], step, i % 2, (2 * pair) + (i / 2))));
        }
    }

    private void WriteDestination()
    {
        // The chunk that the thread's float is in, swapped by its line or depth, and the float's place in it.
        (string inner, string outer, int bytes) = _depthIsContiguous
            ? (_depth, _line, LineBytes)
            : (_line, _depth, _place.Lines * sizeof(float));
        _ptx.Line($"shr.u32 {_toCopy}, {inner}, 2; {Swap(outer)}; xor.b32 {_toCopy}, {_toCopy}, {_bytes}; "
            + $"shl.b32 {_toCopy}, {_toCopy}, 4; mad.lo.u32 {_toCopy}, {outer}, {bytes}, {_toCopy};");
        _ptx.Line($"and.b32 {_bytes}, {inner}, 3; shl.b32 {_bytes}, {_bytes}, 2; add.u32 {_to}, {_toCopy}, {_bytes}; "
            + $"add.u32 {_to}, {_to}, {PtxWriter.Shared}; add.u32 {_to}, {_to}, {_place.SharedOffset};");
    }

    /// <summary>The instructions that give what a line's, or a depth's, chunks are swapped by.</summary>
    private string Swap(string outer) => _depthIsContiguous
        ? $"shr.u32 {_bytes}, {outer}, 1; and.b32 {_bytes}, {_bytes}, 3"
        : $"and.b32 {_bytes}, {outer}, 3; shl.b32 {_bytes}, {_bytes}, 1";

    /// <summary>Bytes that each copy moves: none of lines that do not exist, for which zeros are stored.</summary>
    private void WriteSizes()
    {
        for (int i = 0; i < _sizes.Length; i++)
        {
            string line = _bytes;
            _ptx.Line($"add.u32 {line}, {_line}, {_place.First}; {Plus(line, i * _apart)}"
                + $"setp.lt.u32 {_isThere}, {line}, {_place.Count}; selp.b32 {_sizes[i]}, {_unit * sizeof(float)}, 0, {_isThere};");
        }
    }

    private void WriteSource()
    {
        if (!_depthIsContiguous && !HasOneFrom)
            return;
        for (int i = 0; i < _from.Length; i++)
        {
            string row = _rowOfCopy;
            if (_depthIsContiguous)
                _ptx.Line($"add.u32 {row}, {_line}, {_place.First}; {Plus(row, i * _apart)}");
            else
                _ptx.Line($"mov.b32 {row}, {_depth};");
            _rows.WriteOffset(_operand, row, _from[i]);
            _ptx.Line($"add.s64 {_from[i]}, {_from[i]}, {_place.Argument};");
            WriteColumn(_from[i]);
        }
    }

    /// <summary>Adds the column of the matrix that the thread's copies have.</summary>
    private void WriteColumn(string address)
    {
        if (_depthIsContiguous)
        {
            _rows.WriteAddColumn(address, _depth);
            return;
        }

        _ptx.Line($"add.u32 {_bytes}, {_line}, {_place.First};");
        _rows.WriteAddColumn(address, _bytes);
    }

    private void WriteReadPlace()
    {
        if (_depthIsContiguous)
        {
            // The lane's row of the four matrices that an instruction reads: eight lines, two chunks, in the operand's own order.
            (string line, string chunk) = _place.IsLeft ? ("8", "16") : ("16", "8");
            _ptx.Line($"and.b32 {_read}, lane, 7; and.b32 {_bytes}, lane, {line}; shr.u32 {_bytes}, {_bytes}, {(_place.IsLeft ? 0 : 1)}; "
                + $"add.u32 {_read}, {_read}, {_bytes}; mad.lo.u32 {_read}, {_place.Warp}, {_place.WarpLines}, {_read};");
            _ptx.Line($"and.b32 {_readStage}, lane, {chunk}; shr.u32 {_readStage}, {_readStage}, {(_place.IsLeft ? 4 : 3)}; {Swap(_read)}; "
                + $"xor.b32 {_readStage}, {_readStage}, {_bytes}; shl.b32 {_readStage}, {_readStage}, 4;");
            _ptx.Line($"mad.lo.u32 {_read}, {_read}, {LineBytes}, {_readStage}; add.u32 {_read}, {_read}, {PtxWriter.Shared}; "
                + $"add.u32 {_read}, {_read}, {_place.SharedOffset};");
            return;
        }

        // The lane's float of a block: line lane / 4, depth lane % 4.
        _ptx.Line($"shr.u32 {_read}, lane, 2; mad.lo.u32 {_read}, {_place.Warp}, {_place.WarpLines}, {_read}; "
            + $"and.b32 {_readStage}, lane, 3; shl.b32 {_bytes}, {_readStage}, 3; xor.b32 {_read}, {_read}, {_bytes}; "
            + $"shl.b32 {_read}, {_read}, 2;");
        _ptx.Line($"mad.lo.u32 {_read}, {_readStage}, {_place.Lines * sizeof(float)}, {_read}; "
            + $"add.u32 {_read}, {_read}, {PtxWriter.Shared}; add.u32 {_read}, {_read}, {_place.SharedOffset};");
    }

    private void WriteCopy(int i)
    {
        int apart = i * _apart, sharedBytes = apart * (_depthIsContiguous ? LineBytes : _place.Lines * sizeof(float));
        string size = _sizes[_depthIsContiguous ? i : 0];
        if (!_depthIsContiguous && !HasOneFrom)
            WriteFrom(i, apart);
        if (_place.GuardsDepth && (!_depthIsContiguous || i == 0))
        {
            string depth = apart == 0 || _depthIsContiguous ? _depth : _bytes;
            if (depth == _bytes)
                _ptx.Line($"add.u32 {_bytes}, {_depth}, {apart};");
            _ptx.Line($"setp.lt.u32 {_isThere}, {depth}, {_place.Depth};");
        }

        if (_place.GuardsDepth)
        {
            _ptx.Line($"selp.b32 {_bytes}, {size}, 0, {_isThere};");
            size = _bytes;
        }

        string from = _from[HasOneFrom ? 0 : i];
        if (HasOneFrom && apart > 0)
            from += $"+{Number(PtxRows.StrideBytes(_operand)!.Value * apart)}";

        // Depths that a thread copies may be swapped differently where it has several of the same four.
        string to = _toCopy;
        if (!_depthIsContiguous && apart % 4 != 0)
        {
            to = _rowOfCopy;
            _ptx.Line($"xor.b32 {to}, {_toCopy}, {apart % 4 * 2 * ChunkBytes};");
        }

        string copied = _unit == 1 ? "ca" : "cg";
        _ptx.Line($"cp.async.{copied}.shared.global [{to}+{sharedBytes}], [{from}], {_unit * sizeof(float)}, {size};");
    }

    /// <summary>The address of a copy whose row's image has to be found.</summary>
    private void WriteFrom(int i, int apart)
    {
        _ptx.Line($"add.u32 {_rowOfCopy}, {_depth}, {apart};");
        _rows.WriteOffset(_operand, _rowOfCopy, _from[i]);
        _ptx.Line($"add.s64 {_from[i]}, {_from[i]}, {_place.Argument};");
        WriteColumn(_from[i]);
    }

    private void WriteMatrices(int step, int pair, string[] registers)
    {
        // Two chunks further on is another bit of the swapped number.
        string address = _readStage;
        if (step > 0)
        {
            address = _bytes;
            _ptx.Line($"xor.b32 {address}, {_readStage}, {step * 2 * ChunkBytes};");
        }

        _ptx.Line($"ldmatrix.sync.aligned.m8n8.x4.shared.b16 {{{string.Join(", ", registers)}}}, [{address}+{pair * 16 * LineBytes}];");
    }

    private string Read(string register, int step, int half, int block)
    {
        int depth = (step * TensorTile.BlockDepth) + (half * 4);
        int bytes = (depth * _place.Lines * sizeof(float)) + (block / 4 * 32 * sizeof(float));
        return $"ld.shared.b32 {register}, [{_neighbours[block % 4]}+{bytes}];";
    }

    private static string Plus(string register, int number) => number == 0 ? "" : $"add.u32 {register}, {register}, {Number(number)}; ";

    private static string Number(long value) => SourceWriter.Literal(value);

    private static int Log(int powerOfTwo)
    {
        int log = 0;
        while (1 << log < powerOfTwo)
            log++;
        return log;
    }
}

/// <summary>Which lines of an operand a group multiplies.</summary>
/// <param name="IsLeft">Whether it is the left operand, whose lines are rows.</param>
/// <param name="Argument">The matrix' address.</param>
/// <param name="Lines">Lines of a group.</param>
/// <param name="First">The register of the group's first line.</param>
/// <param name="Count">How many lines there are: a register or a number.</param>
/// <param name="Depth">How deep they are: a register or a number.</param>
/// <param name="GuardsDepth">Whether a tile may reach beyond the depth.</param>
/// <param name="Warp">The register of the warp's place among those that have other lines.</param>
/// <param name="WarpLines">Lines of a warp.</param>
/// <param name="SharedOffset">Where its tiles begin in a stage, in bytes.</param>
internal sealed record OperandPlace(
    bool IsLeft,
    string Argument,
    int Lines,
    string First,
    string Count,
    string Depth,
    bool GuardsDepth,
    string Warp,
    int WarpLines,
    int SharedOffset);
