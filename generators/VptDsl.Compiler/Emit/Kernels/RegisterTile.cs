namespace VptDsl.Compiler.Emit.Kernels;

/// <summary>A thread's part of a small matrix, in scalars: rows and columns interleaved with those of the group's other threads.</summary>
/// <param name="name">What its scalars are called; a row and a column number follow.</param>
/// <param name="rows">Rows of a thread.</param>
/// <param name="columns">Columns of a thread.</param>
/// <param name="side">Threads of the group along either side.</param>
internal sealed class RegisterTile(string name, int rows, int columns, int side)
{
    public void Declare(SourceWriter writer)
    {
        for (int i = 0; i < rows; i++)
            writer.Line($"float {string.Join(", ", Enumerable.Range(0, columns).Select(j => $"{At(i, j)} = 0"))};");
    }

    /// <summary>Adds the product of two matrices in shared memory.</summary>
    /// <param name="writer">Writes the kernel.</param>
    /// <param name="index">The variable that is summed over.</param>
    /// <param name="count">Its values.</param>
    /// <param name="left">The left matrix at a row of the tile.</param>
    /// <param name="right">The right matrix at a column of the tile.</param>
    public void Multiply(SourceWriter writer, string index, int count, Func<string, string> left, Func<string, string> right)
    {
        using (writer.Block($"for (int {index} = 0; {index} < {count}; {index}++)"))
        {
            for (int i = 0; i < rows; i++)
                writer.Line($"float left{i} = {left(Row(i))};");
            for (int j = 0; j < columns; j++)
                writer.Line($"float right{j} = {right(Column(j))};");
            for (int i = 0; i < rows; i++)
                writer.Line(string.Join(" ", Enumerable.Range(0, columns).Select(j => $"{At(i, j)} += left{i} * right{j};")));
        }
    }

    /// <summary>Writes what is to be done with each scalar.</summary>
    public void ForEach(SourceWriter writer, Func<string, string, string, string> statement)
    {
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < columns; j++)
                writer.Line(statement(Row(i), Column(j), At(i, j)));
        }
    }

    /// <summary>Writes what is to be done with each row: its number, its place, and its scalars with their columns.</summary>
    public void ForEachRow(SourceWriter writer, Func<int, string, IReadOnlyList<(string Column, string Scalar)>, string> statements)
    {
        for (int i = 0; i < rows; i++)
            writer.Line(statements(i, Row(i), [.. Enumerable.Range(0, columns).Select(j => (Column(j), At(i, j)))]));
    }

    /// <summary>Multiplies each row by a number.</summary>
    public void Scale(SourceWriter writer, Func<string, string> factor)
    {
        for (int i = 0; i < rows; i++)
        {
            writer.Line($"float factor{i} = {factor(Row(i))};");
            writer.Line(string.Join(" ", Enumerable.Range(0, columns).Select(j => $"{At(i, j)} *= factor{i};")));
        }
    }

    /// <summary>The name of a scalar, which no other row and column have too.</summary>
    /// <param name="name">What it begins with.</param>
    /// <param name="row">Its row.</param>
    /// <param name="column">Its column.</param>
    /// <param name="columns">How many there are.</param>
    public static string Scalar(string name, int row, int column, int columns) => $"{name}{row}{(columns > 10 ? "_" : "")}{column}";

    private string At(int i, int j) => Scalar(name, i, j, columns);

    private string Row(int i) => i == 0 ? "threadRow" : $"(threadRow + {i * side})";

    private string Column(int j) => j == 0 ? "threadColumn" : $"(threadColumn + {j * side})";
}
