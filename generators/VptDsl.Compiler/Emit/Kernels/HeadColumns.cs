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
    public string At(string column) => head == "0" ? column : $"{head} * {_count} + {column}";

    /// <summary>What scores are multiplied by: 1 / √columns.</summary>
    public string Scale => SourceWriter.Literal(1 / Math.Sqrt(_count));

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
