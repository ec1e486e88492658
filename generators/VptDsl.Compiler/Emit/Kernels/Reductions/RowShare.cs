namespace VptDsl.Compiler.Emit.Kernels;

/// <summary>
/// A thread's columns of its row, four neighbours at a time where all operands are aligned. What is kept is read once, into registers; a
/// row of which a thread has too many columns for that is read again by every pass.
/// </summary>
/// <remarks>
/// Where a line of threads has no row it keeps zeros, whose sums nobody reads: only what touches memory is left to lines with a row.
/// </remarks>
internal sealed class RowShare
{
    private const string Components = "XYZW";

    /// <summary>What a thread has registers for: units of one or four columns, of three operands.</summary>
    private const int MostKept = 8;

    private readonly RowGroups _groups;
    private readonly Func<string, string> _columnOf;
    private readonly HashSet<KernelOperand> _kept = [];
    private readonly int _unit;

    /// <param name="rows">The matrix whose rows are shared out.</param>
    /// <param name="operands">All that is read and written column by column.</param>
    /// <param name="options">What kernels are emitted for.</param>
    public RowShare(KernelOperand rows, IEnumerable<KernelOperand> operands, KernelOptions options)
        : this(rows, operands.All(o => o.IsAlignedBy(4)) ? 4 : 1, options, place => place)
    {
    }

    /// <param name="rows">The matrix whose rows are shared out.</param>
    /// <param name="unit">Columns that are read at a time: one or four.</param>
    /// <param name="options">What kernels are emitted for.</param>
    /// <param name="columnOf">The column of an operand that a column of the row is, both counted in units.</param>
    public RowShare(KernelOperand rows, int unit, KernelOptions options, Func<string, string> columnOf)
    {
        _unit = unit;
        _columnOf = columnOf;
        _groups = new(rows, options, unit);
    }

    public RowGroups Groups => _groups;

    /// <summary>The thread's row, as an index of the operands.</summary>
    public string Row { get; set; } = "row";

    private bool IsKept => _groups.UnitsOfThread <= MostKept;

    private string Type => _unit == 4 ? "Float4" : "float";

    /// <summary>Declares the views of operands that are read or written in fours.</summary>
    public void Declare(SourceWriter writer, params KernelOperand[] operands)
    {
        foreach (KernelOperand operand in operands.Where(_ => _unit == 4))
            operand.DeclareInFours(writer);
    }

    /// <summary>Reads the thread's columns of rows of operands, once for all passes.</summary>
    /// <param name="writer">Writes the kernel.</param>
    /// <param name="operands">The operands.</param>
    public void Keep(SourceWriter writer, params KernelOperand[] operands)
    {
        if (!IsKept)
            return;
        _kept.UnionWith(operands);
        string zero = KernelOperand.Nothing(_unit);
        foreach (KernelOperand operand in operands)
        {
            writer.Line(
                $"{Type} {string.Join(", ", Enumerable.Range(0, _groups.UnitsOfThread).Select(i => $"{Register(operand, i)} = {zero}"))};");
        }

        WriteInRow(writer, () => WriteUnits(writer, (i, place) =>
        {
            foreach (KernelOperand operand in operands)
                writer.Line($"{Register(operand, i)} = {At(operand, place)};");
        }));
    }

    /// <summary>Goes over the thread's columns.</summary>
    /// <param name="writer">Writes the kernel.</param>
    /// <param name="operands">What is read of them.</param>
    /// <param name="statement">What is done with the operands' elements of a column, which are given to it by their operand.</param>
    public void ForEach(SourceWriter writer, KernelOperand[] operands, Func<Func<KernelOperand, string>, string> statement)
    {
        if (operands.All(_kept.Contains))
            WriteUnits(writer, One);
        else
            WriteInRow(writer, () => WriteUnits(writer, One));

        void One(int unit, string place)
        {
            Read(writer, operands, unit, place);
            writer.Line(string.Join(" ", Elements(unit, statement)));
        }
    }

    /// <summary>Writes the thread's columns of a row.</summary>
    /// <param name="writer">Writes the kernel.</param>
    /// <param name="target">Where they go.</param>
    /// <param name="operands">What is read of them.</param>
    /// <param name="value">A column's value, by the operands' elements of it.</param>
    public void Store(SourceWriter writer, KernelOperand target, KernelOperand[] operands, Func<Func<KernelOperand, string>, string> value)
    {
        WriteInRow(writer, () => WriteUnits(writer, (unit, place) =>
        {
            Read(writer, operands, unit, place);
            string values = string.Join(", ", Elements(unit, value));
            writer.Line($"{At(target, place)} = {(_unit == 1 ? values : $"new({values})")};");
        }));
    }

    private void Read(SourceWriter writer, KernelOperand[] operands, int unit, string place)
    {
        foreach (KernelOperand operand in operands.Where(o => !_kept.Contains(o)))
            writer.Line($"{Type} {Register(operand, unit)} = {At(operand, place)};");
    }

    private IEnumerable<string> Elements(int unit, Func<Func<KernelOperand, string>, string> text) => _unit == 1
        ? [text(operand => Register(operand, unit))]
        : Components.Select(component => text(operand => $"{Register(operand, unit)}.{component}"));

    private void WriteInRow(SourceWriter writer, Action write)
    {
        // A loop over columns goes over none where there is no row.
        if (!_groups.HasSpareLines || !IsKept)
        {
            write();
            return;
        }

        using (writer.Block("if (columns > 0)"))
            write();
    }

    /// <remarks>A place is a long: the assembler then adds what is constant of it in the instruction that reads.</remarks>
    private void WriteUnits(SourceWriter writer, Action<int, string> write)
    {
        if (!IsKept)
        {
            using (writer.Block(_groups.Columns))
                write(0, "column");
            return;
        }

        for (int i = 0; i < _groups.UnitsOfThread; i++)
        {
            int first = i * _groups.Across;
            string place = first == 0 ? "lane" : $"lane + {first}L";
            if (first + _groups.Across <= _groups.Units)
            {
                write(i, place);
            }
            else
            {
                using (writer.Block($"if (lane < {_groups.Units - first})"))
                    write(i, place);
            }
        }
    }

    private string At(KernelOperand operand, string place) =>
        operand.InUnits(_unit).At(operand.Rows == 1 && !operand.Batched ? "0" : Row, _columnOf(place));

    private static string Register(KernelOperand operand, int unit) => $"{operand.Name}{unit}";
}
