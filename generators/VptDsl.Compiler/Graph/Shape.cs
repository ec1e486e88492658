namespace VptDsl.Compiler.Graph;

/// <summary>The static shape of a value: a matrix, or one matrix for each image of the batch.</summary>
/// <param name="Batched">Whether there is one matrix for each image. Prompts and all that is computed from them alone have none.</param>
/// <param name="Rows">Usually tokens.</param>
/// <param name="Columns">Usually features.</param>
internal sealed record Shape(bool Batched, int Rows, int Columns)
{
    /// <summary>Elements for one image, or in all where there is no batch.</summary>
    public long Count => (long)Rows * Columns;

    /// <summary>Rows and columns, as names of methods have them.</summary>
    public string Dimensions => $"{Rows}x{Columns}";

    public Shape WithRows(int rows) => this with { Rows = rows };

    public Shape WithColumns(int columns) => this with { Columns = columns };

    public override string ToString() => Batched ? $"[batch, {Rows}, {Columns}]" : $"[{Rows}, {Columns}]";
}
