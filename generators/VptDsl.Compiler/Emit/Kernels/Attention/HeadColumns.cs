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

    /// <summary>What is added to the scaled score of a query and the key <c>token</c>, as the end of a sum.</summary>
    /// <param name="bias">A row for each query, heads side by side, a column for each key.</param>
    /// <param name="query">The query.</param>
    /// <param name="keys">Keys of the segment.</param>
    /// <param name="key">The key.</param>
    public string Bias(KernelOperand bias, string query, int keys, string key = "token") =>
        $" + {bias.At(query, head == "0" ? key : $"{head} * {keys} + {key}")}";

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
