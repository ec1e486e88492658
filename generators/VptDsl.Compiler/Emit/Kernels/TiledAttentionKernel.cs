using VptDsl.Compiler.Graph.Operations;
using VptDsl.Compiler.Planning;

namespace VptDsl.Compiler.Emit.Kernels;

/// <summary>
/// Attention in one pass over tiles of keys and values, with a running maximum and sum: a group of threads for a tile of the queries
/// of one head of one image. The scores of a tile are in shared memory, and never all of them anywhere.
/// </summary>
internal sealed class TiledAttentionKernel
{
    private readonly CallOperands _operands;
    private readonly AttentionTiles _tiles;
    private readonly SharedTile _queries, _keys, _values, _scores;

    private TiledAttentionKernel(Attention attention, CallOperands operands, AttentionTile tile)
    {
        _operands = operands;
        _tiles = new(operands.In(0), attention.Heads, tile);
        _queries = _tiles.QueryTile("queryTile");
        _keys = _tiles.KeyTile("keyTile");
        _values = _tiles.KeyTile("valueTile");
        _scores = _tiles.ScoreTile("scores");
    }

    private KernelOperand Query => _operands.In(0);

    private KernelOperand Output => _operands.Out(0);

    private int Threads => _tiles.Tile.Threads;

    private int Queries => _tiles.Tile.Queries;

    /// <returns>Null where a head is too wide for shared memory.</returns>
    public static Kernel? Create(Attention attention, Call call, string name, KernelOptions options)
    {
        var operands = new CallOperands(call);
        int width = operands.In(0).Columns / attention.Heads;
        AttentionTile? tile = options.Attention ?? TileModel.ChooseAttention(width, matrices: 3, scores: 1, options.Limits);
        return tile is null ? null : new TiledAttentionKernel(attention, operands, tile).Create(call, name);
    }

    private Kernel Create(Call call, string name)
    {
        int shared = _queries.Floats + _keys.Floats + _values.Floats + _scores.Floats + (3 * Queries);
        var groups = new GroupLaunch(
            _tiles.Side,
            _tiles.Side,
            shared,
            new(PerImage: false, Output.Rows, Queries),
            new(PerImage: false, _tiles.Heads, 1),
            Output.Batched ? GroupCount.OnePerImage : GroupCount.One);
        string summary = $"{KernelFamilies.Summary(call)} Tiles of {Queries} queries and {_tiles.Tile.Keys} keys for {Threads} threads.";
        return new(name, summary, _operands.All, groups, WriteBody);
    }

    private void WriteBody(SourceWriter writer)
    {
        foreach (SharedTile tile in new[] { _queries, _keys, _values, _scores })
            tile.Declare(writer);
        foreach (string vector in new[] { "maxima", "totals", "shrinks" })
            AttentionTiles.WriteVector(writer, vector, Queries);
        _tiles.WriteIndices(writer, "firstQuery", Queries);
        if (Output.Batched)
            writer.Line("int image = Grid.IdxZ;");
        _queries.Load(writer, Query, "firstQuery", _tiles.Head, Threads);
        using (writer.Block($"for (int row = thread; row < {Queries}; row += {Threads})"))
        {
            writer.Line("maxima[row] = float.NegativeInfinity;");
            writer.Line("totals[row] = 0;");
        }

        RegisterTile result = _tiles.Rows("o", Queries);
        result.Declare(writer);
        for (int i = 1; i < _operands.Inputs.Count; i += 2)
            WriteSegment(writer, _operands.In(i), _operands.In(i + 1), result);

        writer.Line();
        _tiles.WriteStore(writer, result, Output, "firstQuery", (row, value) => $"{value} / totals[{row}]");
        if (_operands.Wanted(1) is { } logSum)
        {
            using (writer.Block($"for (int row = thread; row < {Queries}; row += {Threads})"))
            {
                writer.Line($"if (firstQuery + row < {Output.Rows})");
                writer.Indented($"{logSum.At("(firstQuery + row)", _tiles.HeadIndex)} = maxima[row] + XMath.Log(totals[row]);");
            }
        }
    }

    private void WriteSegment(SourceWriter writer, KernelOperand keys, KernelOperand values, RegisterTile result)
    {
        writer.Line();
        writer.Line($"// {keys.Name} {keys.Layout.Shape}, {values.Name} {values.Layout.Shape}");
        using (writer.Block($"for (int firstKey = 0; firstKey < {keys.Rows}; firstKey += {_tiles.Tile.Keys})"))
        {
            writer.Line("Group.Barrier();");
            _keys.Load(writer, keys, "firstKey", _tiles.Head, Threads);
            _values.Load(writer, values, "firstKey", _tiles.Head, Threads);
            writer.Line("Group.Barrier();");
            writer.Line();

            RegisterTile scores = _tiles.Scores("s");
            _tiles.WriteProducts(writer, scores, _queries, _keys);
            scores.ForEach(writer, (row, column, score) =>
                $"{_scores.At(row, column)} = firstKey + {column} < {keys.Rows} ? {score} * {_tiles.Head.Scale} : float.NegativeInfinity;");
            writer.Line("Group.Barrier();");
            writer.Line();
            WriteSoftmax(writer);
            writer.Line("Group.Barrier();");
            writer.Line();
            result.Scale(writer, row => $"shrinks[{row}]");
            result.Multiply(writer, "key", _tiles.Tile.Keys, row => _scores.At(row, "key"), column => _values.At("key", column));
        }
    }

    /// <remarks>A thread for each query: what was summed so far shrinks when a larger score turns up.</remarks>
    private void WriteSoftmax(SourceWriter writer)
    {
        string keys = $"for (int key = 0; key < {_tiles.Tile.Keys}; key++)";
        using (writer.Block($"for (int row = thread; row < {Queries}; row += {Threads})"))
        {
            writer.Line("float max = maxima[row];");
            writer.Line(keys).Indented($"max = XMath.Max(max, {_scores.At("row", "key")});");
            writer.Line("float shrink = XMath.Exp(maxima[row] - max), total = totals[row] * shrink;");
            using (writer.Block(keys))
            {
                writer.Line($"float weight = XMath.Exp({_scores.At("row", "key")} - max);");
                writer.Line($"{_scores.At("row", "key")} = weight;");
                writer.Line("total += weight;");
            }

            writer.Line("maxima[row] = max;");
            writer.Line("totals[row] = total;");
            writer.Line("shrinks[row] = shrink;");
        }
    }
}
