namespace VptDsl.Compiler.Emit.Kernels;

/// <summary>What the kernels of attention have in common: a square group of threads for the queries or keys of one head of one image.</summary>
internal sealed class AttentionTiles
{
    public AttentionTiles(KernelOperand query, int heads, AttentionTile tile)
    {
        Tile = tile;
        Heads = heads;
        Head = new HeadColumns(query, heads, heads == 1 ? "0" : "head");
        Side = (int)Math.Sqrt(tile.Threads);
        Columns = (Head.Count + Side - 1) / Side * Side;
        PerThread = Columns / Side;
    }

    public AttentionTile Tile { get; }

    public int Heads { get; }

    public HeadColumns Head { get; }

    /// <summary>Threads along either side of the group.</summary>
    public int Side { get; }

    /// <summary>A head's columns, filled up to a multiple of the group's side.</summary>
    public int Columns { get; }

    /// <summary>A head's columns that one thread has.</summary>
    public int PerThread { get; }

    public RegisterTile Scores(string name) => new(name, Tile.Queries / Side, Tile.Keys / Side, Side);

    public RegisterTile Rows(string name, int rows) => new(name, rows / Side, PerThread, Side);

    public SharedTile QueryTile(string name) => new(name, Tile.Queries, Columns);

    public SharedTile KeyTile(string name) => new(name, Tile.Keys, Columns);

    public SharedTile ScoreTile(string name) => new(name, Tile.Queries, Tile.Keys);

    public string HeadIndex => Heads == 1 ? "0" : "head";

    public void WriteIndices(SourceWriter writer, string first, int tile)
    {
        writer.Line($"int threadColumn = Group.IdxX, threadRow = Group.IdxY, thread = threadRow * {Side} + threadColumn;");
        writer.Line($"int {first} = Grid.IdxX * {tile}, head = Grid.IdxY;");
    }

    public static void WriteVector(SourceWriter writer, string name, int floats) =>
        writer.Line($"ArrayView<float> {name} = SharedMemory.Allocate<float>({floats});");

    /// <summary>The scores, the products of query and key rows, and whether they are of a key that exists.</summary>
    public void WriteProducts(SourceWriter writer, RegisterTile products, SharedTile left, SharedTile right)
    {
        products.Declare(writer);
        products.Multiply(writer, "d", Columns, row => left.At(row, "d"), column => right.At(column, "d"));
    }

    /// <summary>Stores a thread's elements of a head's columns, as far as they exist.</summary>
    public void WriteStore(SourceWriter writer, RegisterTile tile, KernelOperand operand, string first, Func<string, string, string> value, Func<string, string, string>? at = null)
    {
        tile.ForEach(writer, (row, column, scalar) =>
        {
            string guard = $"{first} + {row} < {operand.Rows}" + (Columns == Head.Count ? "" : $" && {column} < {Head.Count}");
            string target = at is null ? operand.At($"({first} + {row})", Head.At(column)) : at($"({first} + {row})", Head.At(column));
            return $"if ({guard}) {target} = {value(row, scalar)};";
        });
    }
}
