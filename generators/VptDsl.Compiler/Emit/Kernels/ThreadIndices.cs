namespace VptDsl.Compiler.Emit.Kernels;

/// <summary>Splits a thread's index into image, row and column; a dimension of 1 has no variable but the constant "0".</summary>
internal sealed class ThreadIndices
{
    private readonly List<string> _lines = [];

    private ThreadIndices(bool batched, IReadOnlyList<(string Name, int Size)> dimensions)
    {
        // Consecutive threads differ in the last dimension, which comes first: index % size, index / size % next, …
        var variables = new string[dimensions.Count];
        long divisor = 1, total = dimensions.Aggregate(1L, (product, d) => product * d.Size);
        for (int i = dimensions.Count - 1; i >= 0; i--)
        {
            (string name, int size) = dimensions[i];
            variables[i] = size == 1 ? "0" : name;
            if (size == 1)
                continue;
            bool outermost = !batched && divisor * size == total;
            string quotient = divisor == 1 ? "index" : $"index / {SourceWriter.Literal(divisor)}";
            _lines.Add($"int {name} = {quotient}{(outermost ? "" : $" % {SourceWriter.Literal(size)}")};");
            divisor *= size;
        }

        if (batched)
            _lines.Add($"int image = index{(total == 1 ? "" : $" / {SourceWriter.Literal(total)}")};");
        Variables = variables;
        Threads = new ThreadCount(batched, total);
    }

    /// <summary>The expressions for the dimensions.</summary>
    public IReadOnlyList<string> Variables { get; }

    public ThreadCount Threads { get; }

    /// <summary>A thread for each element.</summary>
    public static ThreadIndices Elements(KernelOperand operand) =>
        new(operand.Batched, [("row", operand.Rows), ("column", operand.Columns)]);

    /// <summary>A thread for each row.</summary>
    public static ThreadIndices Rows(KernelOperand operand) => new(operand.Batched, [("row", operand.Rows)]);

    /// <summary>A thread for each column, whatever the number of rows and images.</summary>
    public static ThreadIndices Columns(KernelOperand operand) => new(batched: false, [("column", operand.Columns)]);

    /// <summary>A thread for each row and head.</summary>
    public static ThreadIndices Heads(KernelOperand operand, int heads) => new(operand.Batched, [("row", operand.Rows), ("head", heads)]);

    public void Write(SourceWriter writer)
    {
        foreach (string line in _lines)
            writer.Line(line);
    }
}
