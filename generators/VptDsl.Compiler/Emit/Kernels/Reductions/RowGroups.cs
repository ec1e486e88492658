namespace VptDsl.Compiler.Emit.Kernels;

/// <summary>
/// What kernels have in common that reduce each row of a matrix: a line of threads for each row, one or more rows to a group. Neighbouring
/// threads read neighbouring columns.
/// </summary>
internal sealed class RowGroups
{
    private readonly KernelOperand _rows;
    private readonly ReductionTile _tile;
    private readonly LineReduction _line;

    /// <param name="rows">The matrix whose rows are reduced.</param>
    /// <param name="options">What kernels are emitted for.</param>
    /// <param name="unit">Neighbouring columns that a thread reads at a time, one or four: columns are counted in units.</param>
    public RowGroups(KernelOperand rows, KernelOptions options, int unit = 1)
    {
        _rows = rows.InUnits(unit);
        _tile = options.Reduction ?? TileModel.RowReduction(_rows.Columns, unit, options.Limits);
        _line = new(_tile.Across);
    }

    /// <summary>Threads of a row's line.</summary>
    public int Across => _tile.Across;

    /// <summary>Units of a row.</summary>
    public int Units => _rows.Columns;

    /// <summary>The most units of a row that a thread has.</summary>
    public int UnitsOfThread => (Units + Across - 1) / Across;

    /// <summary>Whether the last group may have lines of threads for which there is no row.</summary>
    public bool HasSpareLines => _tile.Down > 1;

    public Kernel Kernel(string name, string summary, IReadOnlyList<KernelOperand> operands, int reductions, Action<SourceWriter> writeBody)
    {
        var groups = new GroupLaunch(
            _tile.Across, _tile.Down, reductions * _tile.Threads, new(_rows.Batched, _rows.Rows, _tile.Down), GroupCount.One,
            GroupCount.One);
        string rows = _tile.Down == 1 ? "a row" : $"each of {_tile.Down} rows";
        return new(name, $"{summary} {_tile.Across} threads for {rows}.", operands, groups, writeBody);
    }

    /// <summary>Declares indices: <c>lane</c> is the thread's place in its row's line, <c>row</c> and <c>image</c> its row.</summary>
    /// <param name="writer">Writes the kernel.</param>
    /// <param name="shared">Names of the shared memory, for each reduction.</param>
    /// <returns>The row, as an index of an operand.</returns>
    public string WriteIndices(SourceWriter writer, params string[] shared)
    {
        foreach (string values in shared)
            _line.Declare(writer, values, _tile.Threads);
        writer.Line(_tile.Down == 1
            ? "int lane = Group.IdxX, first = 0, thread = lane;"
            : $"int lane = Group.IdxX, first = Group.IdxY * {_tile.Across}, thread = first + lane;");

        string line = _tile.Down == 1 ? "Grid.IdxX" : $"Grid.IdxX * {_tile.Down} + Group.IdxY";
        string count = !_rows.Batched ? _rows.RowsText : _rows.Rows == 1 ? "batch" : $"{_rows.RowsText} * batch";
        if (HasSpareLines)
        {
            // Threads without a row take part in every barrier, and go over no columns.
            writer.Line($"int line = {line}, rows = {count};");
            writer.Line($"int columns = line < rows ? {_rows.Columns} : 0;");
            writer.Line("line = XMath.Min(line, rows - 1);");
            line = "line";
        }

        if (!_rows.Batched)
        {
            writer.Line($"int row = {line};");
            return "row";
        }

        if (_rows.Rows == 1)
        {
            writer.Line($"int image = {line};");
            return "0";
        }

        string operand = line == "line" || line == "Grid.IdxX" ? line : $"({line})";
        writer.Line($"int image = {operand} / {_rows.RowsText}, row = {operand} % {_rows.RowsText};");
        return "row";
    }

    /// <summary>The head of a loop in which the thread goes over its columns.</summary>
    public string Columns =>
        $"for (int column = lane; column < {(HasSpareLines ? "columns" : SourceWriter.Literal(_rows.Columns))}; column += {_tile.Across})";

    /// <summary>The condition under which the thread writes what there is one of in a row.</summary>
    public string IsFirst => HasSpareLines ? "if (lane == 0 && columns > 0)" : "if (lane == 0)";

    /// <summary>Replaces variables of the thread by their sums over the row.</summary>
    public void WriteSums(SourceWriter writer, params (string Values, string Variable)[] sums) => _line.WriteSums(writer, sums);

    /// <summary>Replaces a variable of the thread by its largest value in the row.</summary>
    public void WriteMax(SourceWriter writer, string values, string variable) => _line.WriteMax(writer, values, variable);
}
