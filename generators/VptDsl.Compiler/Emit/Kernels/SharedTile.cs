namespace VptDsl.Compiler.Emit.Kernels;

/// <summary>A matrix in shared memory, its rows one float further apart than they are long, so that the rows of a column lie in different banks.</summary>
/// <param name="name">Its variable.</param>
/// <param name="rows">Rows.</param>
/// <param name="columns">Columns.</param>
internal sealed class SharedTile(string name, int rows, int columns)
{
    public string Name => name;

    public int Floats => rows * (columns + 1);

    public void Declare(SourceWriter writer) =>
        writer.Line($"ArrayView<float> {name} = SharedMemory.Allocate<float>({Floats}); // [{rows}, {columns} + 1]");

    public string At(string row, string column) => $"{name}[{row} * {columns + 1} + {column}]";

    /// <summary>Loads a head's columns of some rows; what lies beyond is zero.</summary>
    /// <param name="writer">Writes the kernel.</param>
    /// <param name="operand">What is loaded from.</param>
    /// <param name="first">The variable of the first row.</param>
    /// <param name="head">The head's columns.</param>
    /// <param name="threads">Threads of the group.</param>
    public void Load(SourceWriter writer, KernelOperand operand, string first, HeadColumns head, int threads)
    {
        using (writer.Block($"for (int i = thread; i < {rows * columns}; i += {threads})"))
        {
            writer.Line($"int row = i / {columns}, d = i % {columns};");
            string isThere = $"{first} + row < {operand.Rows}" + (columns == head.Count ? "" : $" && d < {head.Count}");
            writer.Line($"{At("row", "d")} = {isThere} ? {operand.At($"({first} + row)", head.Column)} : 0;");
        }
    }
}
