using VptDsl.Compiler.Graph.Operations;
using VptDsl.Compiler.Planning;

namespace VptDsl.Compiler.Emit.Kernels;

/// <summary>The keys that a kernel passes over: those of a window's tokens, then those of prompts.</summary>
internal sealed record KeySequence(int Tokens, int Prompts)
{
    public int Count => Tokens + Prompts;
}

/// <summary>
/// What the tiled kernels of attention in windows have in common: a square group of threads for one head of a window, whose queries and
/// keys are in shared memory.
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
    public WindowTiles(WindowAttention attention, CallOperands operands, int query, KeySequence keys, AttentionTile tile, string kernel)
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

    public KeySequence Keys { get; }

    public SharedTile QueryTile { get; }

    public SharedTile DOutputTile { get; }

    public SharedTile KeyTile { get; }

    public SharedTile ValueTile { get; }

    public SharedTile ScoreTile { get; }

    /// <summary>How the group's threads share the tiles.</summary>
    public AttentionTiles Threads => _tiles;

    public AttentionTile Tile => _tiles.Tile;

    public int Side => _tiles.Side;

    public HeadColumns Head => _tiles.Head;

    public KernelOperand Query => _operands.In(_query);

    /// <summary>Queries of a window.</summary>
    public int Queries => QueriesOf(_attention, Query);

    public int QueryTiles => (Queries + Tile.Queries - 1) / Tile.Queries;

    public int KeyTiles => (Keys.Count + Tile.Keys - 1) / Tile.Keys;

    /// <summary>Floats of shared memory for the position biases of a head.</summary>
    public int BiasFloats => _attention.OfPrompts ? 0 : _attention.Grid.RelativePositions;

    public string Text => $"{Tile.Threads} threads for a window and head, in tiles of {Tile.Queries} queries and {Tile.Keys} keys.";

    /// <summary>The tile that is asked for, or else the one for a window; null where a head is too wide for it, or any.</summary>
    public static AttentionTile? Choose(
        WindowAttention attention, KernelOperand query, KeySequence keys, Func<AttentionTile, int> sharedFloats, KernelOptions options)
    {
        if (options.Attention is { } asked)
            return AttentionModel.IsPossible(asked, query.Columns / attention.Heads) ? asked : null;
        return TileModel.ChooseWindows(QueriesOf(attention, query), keys.Count, sharedFloats, options.Limits);
    }

    private static int QueriesOf(WindowAttention attention, KernelOperand query) =>
        attention.OfPrompts ? query.Rows : attention.Grid.TokensOfWindow;

    /// <summary>Declares shared memory, the thread's place in its group, and views in fours.</summary>
    public void WriteStart(SourceWriter writer, IEnumerable<SharedTile> tiles, IEnumerable<KernelOperand> operands)
    {
        foreach (SharedTile tile in tiles)
            tile.Declare(writer);
        if (BiasFloats > 0)
            writer.Line($"ArrayView<float> biases = SharedMemory.Allocate<float>({BiasFloats});");
        _tiles.WriteIndices(writer, operands);
        if (BiasFloats > 0)
        {
            writer.Line($"for (int i = thread; i < {BiasFloats}; i += {Tile.Threads})");
            writer.Indented($"biases[i] = {_operands.In(_query + 3).At("i", _tiles.HeadIndex)};");
        }
    }

    /// <summary>Declares what part of what the group has, where there is a group for each part of a window.</summary>
    public static void WritePart(SourceWriter writer, string first, int parts, int each)
    {
        string part = parts == 1
            ? $"window = Grid.IdxX, {first} = 0"
            : $"window = Grid.IdxX / {parts}, {first} = Grid.IdxX % {parts} * {each}";
        writer.Line($"int {part}, image = Grid.IdxZ;");
    }

    /// <summary>Loads a tile of queries, and what else has a row for each; what lies beyond the last is zero.</summary>
    public void LoadQueries(SourceWriter writer, KernelOperand? dOutput = null)
    {
        int unit = dOutput is null ? Head.UnitOf(Query) : Math.Min(Head.UnitOf(Query), Head.UnitOf(dOutput)), units = _tiles.Columns / unit;
        using (writer.Block($"for (int i = thread; i < {Tile.Queries * units}; i += {Tile.Threads})"))
        {
            writer.Line($"int row = i / {units}, d = i % {units}, item = firstQuery + row;");
            writer.Line($"int outputRow = {OutputRow("item")};");
            string isThere = $"item < {Queries}{Head.Guard("d", unit, _tiles.Columns)}",
                queryRow = _attention.OfPrompts ? "item" : "outputRow";
            writer.Line(
                $"{QueryTile.UnitAt("row", "d", unit)} = {isThere} ? {Element(Query, queryRow, unit)} : {KernelOperand.Nothing(unit)};");
            if (dOutput is not null)
            {
                writer.Line($"{DOutputTile.UnitAt("row", "d", unit)} = {isThere} ? {Element(dOutput, "outputRow", unit)} : "
                    + $"{KernelOperand.Nothing(unit)};");
            }
        }
    }

    /// <summary>Loads a tile of keys and values; what lies beyond the last is zero.</summary>
    public void LoadKeys(SourceWriter writer)
    {
        List<KernelOperand> loaded = [];
        if (Keys.Tokens > 0)
            loaded.AddRange([_operands.In(_query + 1), _operands.In(_query + 2)]);
        if (Keys.Prompts > 0)
            loaded.AddRange([_operands.In(_query + _attention.PromptKey), _operands.In(_query + _attention.PromptKey + 1)]);
        int unit = loaded.Min(Head.UnitOf), units = _tiles.Columns / unit;
        string guard = Head.Guard("d", unit, _tiles.Columns);
        using (writer.Block($"for (int i = thread; i < {Tile.Keys * units}; i += {Tile.Threads})"))
        {
            writer.Line($"int row = i / {units}, d = i % {units}, item = firstKey + row;");
            if (Keys.Tokens > 0)
                writer.Line($"int token = {Token("item")};");
            WriteElement(KeyTile, 0);
            WriteElement(ValueTile, 1);
        }

        void WriteElement(SharedTile tile, int which)
        {
            string element = KernelOperand.Nothing(unit);
            if (Keys.Prompts > 0)
            {
                string isPrompt = $"{(Keys.Tokens > 0 ? $"item >= {Keys.Tokens} && " : "")}item < {Keys.Count}{guard}";
                string prompt = Element(
                    _operands.In(_query + _attention.PromptKey + which), Keys.Tokens > 0 ? $"(item - {Keys.Tokens})" : "item", unit);
                element = $"{isPrompt} ? {prompt} : {element}";
            }

            if (Keys.Tokens > 0)
                element = $"item < {Keys.Tokens}{guard} ? {Element(_operands.In(_query + 1 + which), "token", unit)} : {element}";
            writer.Line($"{tile.UnitAt("row", "d", unit)} = {element};");
        }
    }

    /// <summary>The scores of a thread's queries and keys; a key that does not exist has minus infinity.</summary>
    public void WriteScores(SourceWriter writer, RegisterTile scores)
    {
        _tiles.WriteProducts(writer, scores, QueryTile, KeyTile);
        scores.ForEach(writer, (row, column, score) => BiasFloats > 0
            ? $"{score} = {_kernel}Score({score}, window, firstQuery + {row}, firstKey + {column}, biases);"
            : $"{score} = {_kernel}Score({score}, firstKey + {column});");
    }

    /// <summary>The row of the result of a query of the window.</summary>
    public string OutputRow(string query) => _attention.OfPrompts ? $"window * {Queries} + {query}" : Token(query);

    public string Token(string token) => $"{_kernel}Token(window, {token})";

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

    private string Element(KernelOperand operand, string row, int unit) => operand.InUnits(unit).At(row, Head.At("d", unit));
}
