namespace VptDsl.Compiler.Emit.Kernels;

/// <summary>
/// The rows of a head that a warp has in registers, 16 of them, two of each lane, eight apart: where they are, and how they are loaded
/// and stored.
/// </summary>
internal sealed class TensorRows
{
    /// <summary>Rows of a lane.</summary>
    public const int OfLane = 2;

    private const int Apart = TensorTile.BlockRows / OfLane, FragmentFloats = 4;

    private readonly PtxWriter _ptx;
    private readonly TensorAttentionTile _tile;
    private readonly int _heads, _count;
    private readonly Func<KernelOperand, string> _argument;
    private readonly string _line, _part, _bytes, _address, _below, _isThere, _isFirst;
    private string[] _loaded = [];

    /// <param name="ptx">Writes the kernel.</param>
    /// <param name="tile">The tile.</param>
    /// <param name="heads">Heads, side by side in the columns.</param>
    /// <param name="count">How many rows there are.</param>
    /// <param name="argument">The address of an operand.</param>
    public TensorRows(PtxWriter ptx, TensorAttentionTile tile, int heads, int count, Func<KernelOperand, string> argument)
    {
        (_ptx, _tile, _heads, _count, _argument) = (ptx, tile, heads, count, argument);
        foreach (string register in new[] { "thread", "lane", "head", "image" })
            ptx.Word(register);
        _line = ptx.Word("line");
        _part = ptx.Word("linePart");
        _bytes = ptx.Long("bytes");
        _address = ptx.Long("address");
        _below = ptx.Long("belowAddress");
        _isThere = ptx.Predicate("lineThere");
        _isFirst = ptx.Predicate("firstLane");
    }

    /// <summary>Writes which head and rows the warp has; the image is left to the caller.</summary>
    public void WritePlace()
    {
        _ptx.Comment("The group's head, and the first of the lane's two rows.");
        _ptx.Line("mov.u32 thread, %%tid.x; and.b32 lane, thread, 31; mov.u32 head, %%ctaid.y;");
        _ptx.Line($"mov.u32 {_line}, %%ctaid.x; mul.lo.u32 {_line}, {_line}, {_tile.Queries}; shr.u32 {_part}, thread, 5; "
            + $"mad.lo.u32 {_line}, {_part}, {TensorAttentionTile.WarpQueries}, {_line}; "
            + $"shr.u32 {_part}, lane, 2; add.u32 {_line}, {_line}, {_part};");
    }

    /// <summary>Writes the address of an operand's first row of the image and head.</summary>
    public void WriteAddress(KernelOperand operand, string address)
    {
        _ptx.Line($"mul.wide.u32 {address}, head, {operand.Columns / _heads * sizeof(float)}; "
            + $"add.s64 {address}, {address}, {_argument(operand)};");
        if (operand.Batched)
        {
            _ptx.Line($"mul.wide.u32 {_bytes}, image, {Bytes(operand.Layout.ImageStride)}; "
                + $"add.s64 {address}, {address}, {_bytes};");
        }
    }

    /// <summary>Writes the addresses of both of the lane's rows: of the last where they do not exist, of which nothing is stored.</summary>
    public void WriteAddresses(KernelOperand operand, string above, string below)
    {
        foreach ((string address, int down) in new[] { (above, 0), (below, Apart) })
        {
            WriteAddress(operand, address);
            _ptx.Line($"add.u32 {_part}, {_line}, {down}; setp.lt.u32 {_isThere}, {_part}, {_count - 1}; "
                + $"selp.b32 {_part}, {_part}, {_count - 1}, {_isThere};");
            WriteRow(operand, address, _part);
        }
    }

    /// <summary>Loads an element of each of the lane's rows from an operand that has one for each head.</summary>
    /// <param name="operand">The operand.</param>
    /// <param name="values">Where they go.</param>
    /// <param name="start">Floats before the operand.</param>
    public void WriteLoadOne(KernelOperand operand, string[] values, long start)
    {
        WriteAddresses(operand, _address, _below);
        foreach (string address in new[] { _address, _below }.Where(_ => start > 0))
            _ptx.Line($"add.s64 {address}, {address}, {Bytes(start)};");
        _ptx.Line($"ld.global.f32 {values[0]}, [{_address}]; ld.global.f32 {values[1]}, [{_below}];");
    }

    /// <summary>Loads the warp's rows of an operand, each lane its own parts of them.</summary>
    /// <param name="products">What they are multiplied by.</param>
    /// <param name="operand">The operand.</param>
    /// <param name="name">What their registers are called.</param>
    /// <returns>Gives the registers of a part of the rows, for <see cref="TensorRowBlock.WriteScores"/>.</returns>
    public Func<int, string[]> WriteLoad(TensorRowBlock products, KernelOperand operand, string name)
    {
        string[] rows = _ptx.Words(name, FragmentFloats * _tile.Columns / products.Depth);
        if (!products.TakesFloats && _loaded.Length == 0)
            _loaded = _ptx.Words("loaded", FragmentFloats * products.Steps);
        WriteAddresses(operand, _address, _below);
        _ptx.Line($"and.b32 {_part}, lane, 3; mul.wide.u32 {_bytes}, {_part}, {sizeof(float)}; "
            + $"add.s64 {_address}, {_address}, {_bytes}; add.s64 {_below}, {_below}, {_bytes};");
        for (int step = 0; step < _tile.Columns / TensorTile.BlockDepth; step++)
        {
            string[] fragment = products.TakesFloats
                ? TensorInstructions.Part(rows, step, FragmentFloats)
                : TensorInstructions.Part(_loaded, step % products.Steps, FragmentFloats);
            _ptx.Lines(fragment.Select((register, i) =>
            {
                int column = (step * TensorTile.BlockDepth) + (i / 2 * 4);
                return $"ld.global.b32 {register}, [{(i % 2 == 0 ? _address : _below)}+{column * sizeof(float)}];";
            }));
            if (!products.TakesFloats && (step + 1) % products.Steps == 0)
                products.WriteRound(TensorInstructions.Part(rows, step / products.Steps, FragmentFloats), _loaded);
        }

        return part => TensorInstructions.Part(rows, part, FragmentFloats);
    }

    /// <summary>
    /// Loads the same and puts them into shared memory, from where each lane reads its own when it is their turn: what takes no registers
    /// meanwhile. For a precision that takes them as they are.
    /// </summary>
    /// <param name="products">What they are multiplied by.</param>
    /// <param name="operand">The operand.</param>
    /// <param name="name">What their registers are called.</param>
    /// <param name="offset">Where shared memory is free for them.</param>
    public Func<int, string[]> WriteLoadToShared(TensorRowBlock products, KernelOperand operand, string name, int offset)
    {
        Func<int, string[]> loaded = WriteLoad(products, operand, name);
        string place = _ptx.Word(name + "Kept");
        string[] part = _ptx.Words(name + "Part", FragmentFloats);
        int partBytes = FragmentFloats * sizeof(float), bytes = partBytes * _tile.Threads;
        _ptx.Line($"mad.lo.u32 {place}, thread, {partBytes}, {PtxWriter.Shared}; add.u32 {place}, {place}, {offset};");
        for (int i = 0; i < _tile.Columns / products.Depth; i++)
            _ptx.Line($"st.shared.v4.b32 [{place}+{i * bytes}], {TensorInstructions.Vector(loaded(i))};");
        return i =>
        {
            _ptx.Line($"ld.shared.v4.b32 {TensorInstructions.Vector(part)}, [{place}+{i * bytes}];");
            return part;
        };
    }

    /// <summary>Stores what a lane has of its rows.</summary>
    /// <param name="operand">Where they go.</param>
    /// <param name="results">Four registers for each block of columns, as tensor cores leave them.</param>
    /// <param name="shift">Moves the address of the first row of the image and head.</param>
    public void WriteStore(KernelOperand operand, string[] results, Action<string>? shift = null)
    {
        for (int row = 0; row < OfLane; row++)
        {
            int half = row;
            WriteRowIfThere(operand, row);
            shift?.Invoke(_address);
            _ptx.Line($"and.b32 {_part}, lane, 3; mul.wide.u32 {_bytes}, {_part}, {2 * sizeof(float)}; "
                + $"add.s64 {_address}, {_address}, {_bytes};");
            _ptx.Lines(Enumerable.Range(0, results.Length / FragmentFloats).Select(block =>
            {
                int at = (block * FragmentFloats) + (2 * half), column = block * TensorTile.BlockColumns;
                return $"@{_isThere} st.global.v2.f32 [{_address}+{column * sizeof(float)}], "
                    + $"{TensorInstructions.Vector([results[at], results[at + 1]])};";
            }));
        }
    }

    /// <summary>Stores a value of each of the lane's rows, which all of a row's lanes have, where there is one for each head.</summary>
    public void WriteStoreOne(KernelOperand operand, string[] values)
    {
        for (int row = 0; row < OfLane; row++)
        {
            WriteRowIfThere(operand, row);
            _ptx.Line($"and.b32 {_part}, lane, 3; setp.eq.u32 {_isFirst}, {_part}, 0; and.pred {_isThere}, {_isThere}, {_isFirst}; "
                + $"@{_isThere} st.global.f32 [{_address}], {values[row]};");
        }
    }

    private void WriteRowIfThere(KernelOperand operand, int row)
    {
        WriteAddress(operand, _address);
        _ptx.Line($"add.u32 {_part}, {_line}, {row * Apart}; setp.lt.u32 {_isThere}, {_part}, {_count};");
        WriteRow(operand, _address, _part);
    }

    private void WriteRow(KernelOperand operand, string address, string line) =>
        _ptx.Line($"mul.wide.u32 {_bytes}, {line}, {Bytes(operand.Layout.RowStride)}; add.s64 {address}, {address}, {_bytes};");

    private static string Bytes(long floats) => SourceWriter.Literal(floats * sizeof(float));
}
