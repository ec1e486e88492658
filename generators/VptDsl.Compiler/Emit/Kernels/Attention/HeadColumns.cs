namespace VptDsl.Compiler.Emit.Kernels;

/// <summary>The columns of a head, which lie side by side with those of the others.</summary>
internal sealed class HeadColumns(KernelOperand query, int heads, string head)
{
    private readonly int _count = query.Columns / heads;

    /// <summary>Columns of a head.</summary>
    public int Count => _count;

    /// <summary>Column d of the head, as C#.</summary>
    public string Column => At("d");

    /// <summary>A column of the head, as C#.</summary>
    /// <param name="column">Its place among the head's, counted in units.</param>
    /// <param name="unit">Columns of a unit: the result is counted in units too.</param>
    public string At(string column, int unit = 1) => head == "0" ? column : $"{head} * {_count / unit} + {column}";

    /// <summary>How many of the head's columns of an operand can be read or written at a time: four, or one.</summary>
    public int UnitOf(KernelOperand operand) => _count % 4 == 0 && operand.IsAlignedBy(4) ? 4 : 1;

    /// <summary>After other conditions, whether a column is one of the head's; nothing where there are no others.</summary>
    /// <param name="column">Its place, counted in units.</param>
    /// <param name="unit">Columns of a unit.</param>
    /// <param name="columns">How many columns threads go over.</param>
    public string Guard(string column, int unit, int columns) => columns == _count ? "" : $" && {column} < {_count / unit}";

    /// <summary>What scores are multiplied by: 1 / √columns.</summary>
    public string Scale => SourceWriter.Literal(1 / Math.Sqrt(_count));

    /// <summary>The bias of a query and a key.</summary>
    /// <param name="bias">A row for each query, heads side by side, a column for each key.</param>
    /// <param name="query">The query, as C#.</param>
    /// <param name="key">The key, as C#.</param>
    /// <param name="keys">How many keys there are.</param>
    public string BiasAt(KernelOperand bias, string query, string key, KernelOperand keys) =>
        bias.At(query, head == "0" ? key : $"{head} * {keys.RowsText} + {key}");

    /// <summary>What a bias is multiplied by where it is added to scores that still lack their scale: √columns.</summary>
    public string InverseScale => SourceWriter.Literal(Math.Sqrt(_count));

    /// <summary>Writes a loop over the columns, in which <see cref="Column"/> is the column.</summary>
    public void ForEach(SourceWriter writer, params string[] body)
    {
        string header = $"for (int d = 0; d < {_count}; d++)";
        if (body.Length == 1)
        {
            writer.Line(header).Indented(body[0]);
            return;
        }

        using (writer.Block(header))
        {
            foreach (string line in body)
                writer.Line(line);
        }
    }
}
