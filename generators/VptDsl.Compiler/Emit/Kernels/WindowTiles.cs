using VptDsl.Compiler.Graph.Operations;
using VptDsl.Compiler.Planning;

namespace VptDsl.Compiler.Emit.Kernels;

/// <summary>The keys that a kernel passes over: those of a window's tokens, then those of prompts.</summary>
internal sealed record WindowKeys(int Tokens, int Prompts)
{
    public int Count => Tokens + Prompts;
}

/// <summary>
/// What the tiled kernels of attention in windows have in common: a square group of threads for one head of a window, whose queries and
/// keys are in shared memory. Threads of a line hold rows of scores together, and sum them through shared memory.
/// </summary>
internal sealed class WindowTiles
{
    private readonly WindowAttention _attention;
    private readonly CallOperands _operands;
    private readonly AttentionTiles _tiles;
    private readonly WindowPairs _pairs;
    private readonly int _query;
    private readonly string _kernel;

    /// <param name="attention">The attention.</param>
    /// <param name="operands">The operands of the call.</param>
    /// <param name="query">Which of them is the query; the attention's other operands follow.</param>
    /// <param name="keys">What the kernel passes over.</param>
    /// <param name="tile">How it is cut up.</param>
    /// <param name="kernel">The kernel's name.</param>
    public WindowTiles(WindowAttention attention, CallOperands operands, int query, WindowKeys keys, AttentionTile tile, string kernel)
    {
        _attention = attention;
        _operands = operands;
        _query = query;
        _kernel = kernel;
        _tiles = new(operands.In(query), attention.Heads, tile);
        _pairs = new(attention.Grid);
        Keys = keys;
        QueryTile = _tiles.QueryTile("queryTile");
        DOutputTile = _tiles.QueryTile("dOutputTile");
        KeyTile = _tiles.KeyTile("keyTile");
        ValueTile = _tiles.KeyTile("valueTile");
        ScoreTile = _tiles.ScoreTile("scores");
    }

    public WindowKeys Keys { get; }

    public SharedTile QueryTile { get; }

    public SharedTile DOutputTile { get; }

    public SharedTile KeyTile { get; }

    public SharedTile ValueTile { get; }

    public SharedTile ScoreTile { get; }

    public AttentionTile Tile => _tiles.Tile;

    public int Side => _tiles.Side;

    public HeadColumns Head => _tiles.Head;

    public string HeadIndex => _tiles.HeadIndex;

    public KernelOperand Query => _operands.In(_query);

    /// <summary>Queries of a window.</summary>
    public int Queries => QueriesOf(_attention, Query);

    public int QueryTiles => (Queries + Tile.Queries - 1) / Tile.Queries;

    public int KeyTiles => (Keys.Count + Tile.Keys - 1) / Tile.Keys;

    /// <summary>Rows of a tile's queries that a thread has.</summary>
    public int ThreadRows => Tile.Queries / Side;

    /// <summary>Floats of a vector with an element for each query of a tile and thread of a line.</summary>
    public int PartialFloats => Tile.Queries * Side;

    /// <summary>Floats of shared memory for the position biases of a head.</summary>
    public int BiasFloats => _attention.OfPrompts ? 0 : _attention.Grid.RelativePositions;

    public string Text => $"{Tile.Threads} threads for a window and head, in tiles of {Tile.Queries} queries and {Tile.Keys} keys.";

    public static int QueriesOf(WindowAttention attention, KernelOperand query) => attention.OfPrompts ? query.Rows : attention.Grid.TokensOfWindow;

    public RegisterTile Scores(string name) => _tiles.Scores(name);

    public RegisterTile Rows(string name, int rows) => _tiles.Rows(name, rows);

    /// <summary>Declares shared memory and the thread's place in its group.</summary>
    public void WriteStart(SourceWriter writer, IEnumerable<SharedTile> tiles, params string[] partials)
    {
        foreach (SharedTile tile in tiles)
            tile.Declare(writer);
        foreach (string partial in partials)
            writer.Line($"ArrayView<float> {partial} = SharedMemory.Allocate<float>({PartialFloats}); // [{Tile.Queries}, {Side}]");
        if (BiasFloats > 0)
            writer.Line($"ArrayView<float> biases = SharedMemory.Allocate<float>({BiasFloats});");
        writer.Line($"int threadColumn = Group.IdxX, threadRow = Group.IdxY, thread = threadRow * {Side} + threadColumn, head = Grid.IdxY;");
        if (BiasFloats > 0)
        {
            writer.Line($"for (int i = thread; i < {BiasFloats}; i += {Tile.Threads})");
            writer.Indented($"biases[i] = {_operands.In(_query + 3).At("i", HeadIndex)};");
        }
    }

    /// <summary>Declares what part of what the group has, where there is a group for each part of a window.</summary>
    public static void WritePart(SourceWriter writer, string first, int parts, int each)
    {
        string part = parts == 1 ? $"window = Grid.IdxX, {first} = 0" : $"window = Grid.IdxX / {parts}, {first} = Grid.IdxX % {parts} * {each}";
        writer.Line($"int {part}, image = Grid.IdxZ;");
    }

    /// <summary>Loads a tile of queries, and what else has a row for each; what lies beyond the last is zero.</summary>
    public void LoadQueries(SourceWriter writer, KernelOperand? dOutput = null)
    {
        using (writer.Block($"for (int i = thread; i < {Tile.Queries * _tiles.Columns}; i += {Tile.Threads})"))
        {
            writer.Line($"int row = i / {_tiles.Columns}, d = i % {_tiles.Columns}, item = firstQuery + row;");
            writer.Line($"int outputRow = {OutputRow("item")};");
            string isThere = $"item < {Queries}{ColumnGuard("d")}", queryRow = _attention.OfPrompts ? "item" : "outputRow";
            writer.Line($"{QueryTile.At("row", "d")} = {isThere} ? {Query.At(queryRow, Head.Column)} : 0;");
            if (dOutput is not null)
                writer.Line($"{DOutputTile.At("row", "d")} = {isThere} ? {dOutput.At("outputRow", Head.Column)} : 0;");
        }
    }

    /// <summary>Loads a tile of keys and values; what lies beyond the last is zero.</summary>
    public void LoadKeys(SourceWriter writer)
    {
        using (writer.Block($"for (int i = thread; i < {Tile.Keys * _tiles.Columns}; i += {Tile.Threads})"))
        {
            writer.Line($"int row = i / {_tiles.Columns}, d = i % {_tiles.Columns}, item = firstKey + row;");
            if (Keys.Tokens > 0)
                writer.Line($"int token = {Token("item")};");
            WriteElement(KeyTile, 0);
            WriteElement(ValueTile, 1);
        }

        void WriteElement(SharedTile tile, int which)
        {
            string element = "0";
            if (Keys.Prompts > 0)
            {
                string isPrompt = $"{(Keys.Tokens > 0 ? $"item >= {Keys.Tokens} && " : "")}item < {Keys.Count}{ColumnGuard("d")}";
                string prompt = _operands.In(_query + _attention.PromptKey + which).At(Keys.Tokens > 0 ? $"(item - {Keys.Tokens})" : "item", Head.Column);
                element = $"{isPrompt} ? {prompt} : 0";
            }

            if (Keys.Tokens > 0)
                element = $"item < {Keys.Tokens}{ColumnGuard("d")} ? {_operands.In(_query + 1 + which).At("token", Head.Column)} : {element}";
            writer.Line($"{tile.At("row", "d")} = {element};");
        }
    }

    /// <summary>The scores of a thread's queries and keys; a key that does not exist has minus infinity.</summary>
    public void WriteScores(SourceWriter writer, RegisterTile scores)
    {
        WriteProducts(writer, scores, QueryTile, KeyTile);
        scores.ForEach(writer, (row, column, score) => BiasFloats > 0
            ? $"{score} = {_kernel}Score({score}, window, firstQuery + {row}, firstKey + {column}, biases);"
            : $"{score} = {_kernel}Score({score}, firstKey + {column});");
    }

    public void WriteProducts(SourceWriter writer, RegisterTile products, SharedTile left, SharedTile right) =>
        _tiles.WriteProducts(writer, products, left, right);

    /// <summary>Writes a loop over what the threads of a line have of the rows that they share, in order.</summary>
    public void ForEachPartial(SourceWriter writer, string partials, Func<int, string, string> statement)
    {
        using (writer.Block($"for (int other = 0; other < {Side}; other++)"))
        {
            for (int i = 0; i < ThreadRows; i++)
                writer.Line(statement(i, $"{partials}[{ThreadRow(i)} * {Side} + other]"));
        }
    }

    public string Partial(string partials, string row) => $"{partials}[{row} * {Side} + threadColumn]";

    /// <summary>The place in its tile of one of a thread's rows.</summary>
    public string ThreadRow(int i) => i == 0 ? "threadRow" : $"(threadRow + {i * Side})";

    /// <summary>The row of the result of a query of the window.</summary>
    public string OutputRow(string query) => _attention.OfPrompts ? $"window * {Queries} + {query}" : Token(query);

    public string Token(string token) => $"{_kernel}Token(window, {token})";

    /// <summary>Whether a column of the group's tiles is one of the head's, after other conditions.</summary>
    public string ColumnGuard(string column) => _tiles.Columns == Head.Count ? "" : $" && {column} < {Head.Count}";

    /// <summary>Writes the methods that the kernel calls.</summary>
    public void WriteFunctions(SourceWriter writer)
    {
        WindowGrid grid = _attention.Grid;
        if (Keys.Tokens > 0 || !_attention.OfPrompts)
        {
            writer.Line();
            writer.Summary("The row of a token of a window.");
            using (writer.Block($"private static int {_kernel}Token(int window, int token)"))
            {
                _pairs.WriteWindow(writer, "window");
                writer.Line($"int y = top + token / {grid.Window}, x = left + token % {grid.Window};");
                _pairs.WriteRow(writer, "row", "y", "x");
                writer.Line("return row;");
            }
        }

        writer.Line();
        writer.Summary("The score of a query and a key of a window; none where there is no such key.");
        if (BiasFloats == 0)
        {
            writer.Line($"private static float {_kernel}Score(float product, int key) =>");
            writer.Indented($"key < {Keys.Count} ? product * {Head.Scale} : float.NegativeInfinity;");
            return;
        }

        using (writer.Block($"private static float {_kernel}Score(float product, int window, int query, int key, ArrayView<float> biases)"))
        {
            writer.Line($"if (key >= {Keys.Count})").Indented("return float.NegativeInfinity;");
            writer.Line($"float score = product * {Head.Scale};");
            if (Keys.Tokens > 0)
            {
                using (writer.Block($"if (query < {grid.TokensOfWindow} && key < {Keys.Tokens})"))
                {
                    _pairs.WriteWindow(writer, "window");
                    writer.Line($"int y = top + query / {grid.Window}, x = left + query % {grid.Window};");
                    writer.Line($"int keyY = top + key / {grid.Window}, keyX = left + key % {grid.Window};");
                    _pairs.WriteBias(writer, new("biases", new Layout(false, BiasFloats, 1, 0, 1)), "0");
                }
            }

            writer.Line("return score;");
        }
    }
}
