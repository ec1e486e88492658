namespace VptDsl.Compiler.Emit.Kernels;

/// <summary>
/// What the kernels of attention have in common: a square group of threads for the queries or keys of one head of one image or window.
/// </summary>
internal sealed class AttentionTiles
{
    public AttentionTiles(KernelOperand query, int heads, AttentionTile tile)
    {
        Tile = tile;
        Heads = heads;
        Head = new HeadColumns(query, heads, heads == 1 ? "0" : "head");
        int multiple = Math.Max(Side, 4);
        Columns = (Head.Count + multiple - 1) / multiple * multiple;
        PerThread = Columns / Side;
    }

    public AttentionTile Tile { get; }

    public int Heads { get; }

    public HeadColumns Head { get; }

    /// <summary>Threads along either side of the group.</summary>
    public int Side => Tile.Side;

    /// <summary>A head's columns, filled up to a multiple of the group's side and of four.</summary>
    public int Columns { get; }

    /// <summary>A head's columns that one thread has.</summary>
    public int PerThread { get; }

    /// <summary>Queries of a tile that one thread has scores of.</summary>
    public int ThreadQueries => Tile.Queries / Side;

    public string HeadIndex => Heads == 1 ? "0" : "head";

    /// <summary>A thread's queries and keys: neighbouring threads have neighbours, whose fours lie in different banks.</summary>
    public RegisterTile Scores(string name) =>
        new(name, new(Tile.Queries, ThreadQueries, Unit: 1), new(Tile.Keys, Tile.Keys / Side, Unit: 1));

    /// <summary>A head's columns of those queries that a thread has scores of.</summary>
    public RegisterTile OfQueries(string name) =>
        new(name, new(Tile.Queries, ThreadQueries, Unit: 1), LineShare.InFours(Columns, PerThread));

    /// <summary>A head's columns of some keys.</summary>
    public RegisterTile OfKeys(string name) =>
        new(name, LineShare.InFours(Tile.Keys, Tile.Keys / Side), LineShare.InFours(Columns, PerThread));

    public SharedTile QueryTile(string name) => new(name, Tile.Queries, Columns);

    public SharedTile KeyTile(string name) => new(name, Tile.Keys, Columns);

    public SharedTile ScoreTile(string name) => new(name, Tile.Queries, Tile.Keys);

    /// <summary>
    /// Declares the thread's place in its group, and the views by which operands with the heads' columns are read and written in fours.
    /// </summary>
    public void WriteIndices(SourceWriter writer, IEnumerable<KernelOperand> operands)
    {
        foreach (KernelOperand operand in operands.Where(o => o.Columns == Heads * Head.Count && Head.UnitOf(o) == 4))
            operand.DeclareInFours(writer);
        writer.Line(
            $"int threadColumn = Group.IdxX, threadRow = Group.IdxY, thread = threadRow * {Side} + threadColumn, head = Grid.IdxY;");
    }

    /// <summary>How many floats of a row of a head's columns a thread stores at a time: four, or one.</summary>
    public int StoredUnit(KernelOperand target) => LineShare.InFours(Columns, PerThread).Unit == 4 ? Head.UnitOf(target) : 1;

    /// <summary>The products of rows of two tiles, whose columns are the head's.</summary>
    public void WriteProducts(SourceWriter writer, RegisterTile products, SharedTile left, SharedTile right)
    {
        products.Declare(writer);
        products.Multiply(writer, "d", Columns, left.AsRows, right.AsRows);
    }

    /// <summary>Declares <c>query0</c> or another of the queries that a thread has scores of: the last where it does not exist.</summary>
    public void WriteQuery(SourceWriter writer, int i, KernelOperand query) =>
        writer.Line($"int query{i} = XMath.Min(firstQuery + {ThreadQuery(i)}, {query.RowsText} - 1);");

    /// <summary>The place in its tile of one of the queries that a thread has scores of.</summary>
    public string ThreadQuery(int i) => new LineShare(Tile.Queries, ThreadQueries, Unit: 1).Line("threadRow", i);
}
