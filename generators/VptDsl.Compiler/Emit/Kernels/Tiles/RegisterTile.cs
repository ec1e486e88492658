namespace VptDsl.Compiler.Emit.Kernels;

/// <summary>A thread's part of a small matrix, in scalars.</summary>
/// <param name="name">What its scalars are called; a row and a column number follow.</param>
/// <param name="rows">How the group's threads share the rows.</param>
/// <param name="columns">How they share the columns.</param>
internal sealed class RegisterTile(string name, LineShare rows, LineShare columns)
{
    private const string Components = "XYZW";

    public void Declare(SourceWriter writer)
    {
        for (int i = 0; i < rows.Each; i++)
            writer.Line($"float {string.Join(", ", Enumerable.Range(0, columns.Each).Select(j => $"{At(i, j)} = 0"))};");
    }

    /// <summary>Adds the product of lines in shared memory: those of its rows and those of its columns.</summary>
    /// <remarks>
    /// What neighbours in memory is read in one instruction: four elements of a line, or the same element of four lines. Lines of
    /// which four elements are read make the loop go in steps of four.
    /// </remarks>
    /// <param name="writer">Writes the kernel.</param>
    /// <param name="index">The variable that is summed over.</param>
    /// <param name="count">Its values: a multiple of four where a line's elements are contiguous.</param>
    /// <param name="left">The lines of its rows.</param>
    /// <param name="right">The lines of its columns.</param>
    public void Multiply(SourceWriter writer, string index, int count, SharedLines left, SharedLines right)
    {
        int step = left.IsDepthContiguous || right.IsDepthContiguous ? 4 : 1;
        if (count % step != 0)
            throw new ArgumentException($"{count} is no multiple of {step}.", nameof(count));
        using (writer.Block(step == 1
            ? $"for (int {index} = 0; {index} < {count}; {index}++)"
            : $"for (int {index} = 0; {index} < {count}; {index} += {step})"))
        {
            ReadContiguous("left", left, rows, "threadRow");
            ReadContiguous("right", right, columns, "threadColumn");
            for (int k = 0; k < step; k++)
            {
                ReadAcross("left", left, rows, "threadRow", k);
                ReadAcross("right", right, columns, "threadColumn", k);
                for (int i = 0; i < rows.Each; i++)
                {
                    writer.Line(string.Join(" ", Enumerable.Range(0, columns.Each).Select(j =>
                        $"{At(i, j)} += {Element("left", left, rows, i, k)} * {Element("right", right, columns, j, k)};")));
                }
            }
        }

        void ReadContiguous(string variable, SharedLines lines, LineShare share, string thread)
        {
            if (!lines.IsDepthContiguous)
                return;
            for (int line = 0; line < share.Each; line++)
                writer.Line($"Float4 {variable}{line} = {lines.Tile.FourAt(share.Line(thread, line), $"{index} / 4")};");
        }

        void ReadAcross(string variable, SharedLines lines, LineShare share, string thread, int k)
        {
            if (lines.IsDepthContiguous)
                return;
            string type = share.Unit == 1 ? "float" : "Float4", row = k == 0 ? index : $"({index} + {k})";
            for (int unit = 0; unit < share.Units; unit++)
                writer.Line($"{type} {Across(variable, unit, k)} = {lines.Tile.UnitAt(row, share.UnitAt(thread, unit), share.Unit)};");
        }

        string Across(string variable, int unit, int k) => step == 1 ? $"{variable}{unit}" : $"{variable}{k}_{unit}";

        string Element(string variable, SharedLines lines, LineShare share, int line, int k) =>
            lines.IsDepthContiguous ? $"{variable}{line}.{Components[k]}"
            : share.Unit == 1 ? Across(variable, line, k)
            : $"{Across(variable, line / 4, k)}.{Components[line % 4]}";
    }

    /// <summary>Writes what is to be done with each scalar.</summary>
    public void ForEach(SourceWriter writer, Func<string, string, string, string> statement)
    {
        for (int i = 0; i < rows.Each; i++)
        {
            for (int j = 0; j < columns.Each; j++)
                writer.Line(statement(Row(i), Column(j), At(i, j)));
        }
    }

    /// <summary>Writes what is to be done with each row: its number, its place, and its scalars with their columns.</summary>
    public void ForEachRow(SourceWriter writer, Func<int, string, IReadOnlyList<(string Column, string Scalar)>, string> statements)
    {
        for (int i = 0; i < rows.Each; i++)
            writer.Line(statements(i, Row(i), [.. Enumerable.Range(0, columns.Each).Select(j => (Column(j), At(i, j)))]));
    }

    /// <summary>
    /// Stores a head's columns of some rows, as far as they exist: four at a time where they are neighbours and the target is aligned.
    /// </summary>
    /// <param name="writer">Writes the kernel.</param>
    /// <param name="target">Where they go.</param>
    /// <param name="head">The head's columns.</param>
    /// <param name="isThere">Whether a row exists.</param>
    /// <param name="rowOf">The row of the target that a row is.</param>
    public void Store(SourceWriter writer, KernelOperand target, HeadColumns head, Func<string, string> isThere, Func<string, string> rowOf)
    {
        int unit = columns.Unit == 4 ? head.UnitOf(target) : 1;
        for (int i = 0; i < rows.Each; i++)
        {
            using (writer.Block($"if ({isThere(Row(i))})"))
            {
                writer.Line($"int to = {rowOf(Row(i))};");
                for (int j = 0; j < columns.Each; j += unit)
                {
                    string column = unit == 1 ? Column(j) : columns.UnitAt("threadColumn", j / unit);
                    string value = unit == 1 ? At(i, j) : $"new({string.Join(", ", Enumerable.Range(j, unit).Select(c => At(i, c)))})";
                    string guard = head.Guard(column, unit, columns.Lines);
                    string condition = guard.Length == 0 ? "" : $"if ({guard.Substring(4)}) ";
                    writer.Line($"{condition}{target.InUnits(unit).At("to", head.At(column, unit))} = {value};");
                }
            }
        }
    }

    /// <summary>The name of a scalar, which no other row and column have too.</summary>
    /// <param name="name">What it begins with.</param>
    /// <param name="row">Its row.</param>
    /// <param name="column">Its column.</param>
    /// <param name="columns">How many there are.</param>
    public static string Scalar(string name, int row, int column, int columns) => $"{name}{row}{(columns > 10 ? "_" : "")}{column}";

    private string At(int i, int j) => Scalar(name, i, j, columns.Each);

    private string Row(int i) => rows.Line("threadRow", i);

    private string Column(int j) => columns.Line("threadColumn", j);
}
