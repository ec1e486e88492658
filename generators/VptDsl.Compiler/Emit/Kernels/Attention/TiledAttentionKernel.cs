using VptDsl.Compiler.Graph.Operations;
using VptDsl.Compiler.Planning;

namespace VptDsl.Compiler.Emit.Kernels;

/// <summary>
/// Attention in one pass over tiles of keys and values, with a running maximum and sum: a group of threads for a tile of the queries
/// of one head of one image. The weights of a tile are in shared memory, and never all of them anywhere.
/// </summary>
internal sealed class TiledAttentionKernel
{
    private readonly AttentionOperands _inputs;
    private readonly KernelOperand _output;
    private readonly KernelOperand? _logSum;
    private readonly AttentionTiles _tiles;
    private readonly SharedTile _queries, _keys, _values, _weights;
    private readonly RunningSoftmax _softmax;

    private TiledAttentionKernel(Attention attention, CallOperands operands, AttentionTile tile)
    {
        _inputs = new(operands, attention.Heads, firstKey: 1);
        _output = AttentionOperands.OfQueries(operands.Out(0));
        _logSum = operands.Wanted(1) is { } logSum ? AttentionOperands.OfQueries(logSum) : null;
        _tiles = new(operands.In(0), attention.Heads, tile);
        _queries = _tiles.QueryTile("queryTile");
        _keys = _tiles.KeyTile("keyTile");
        _values = _tiles.KeyTile("valueTile");
        _weights = _tiles.ScoreTile("weights");
        _softmax = new(_tiles, _weights);
    }

    private int Threads => _tiles.Tile.Threads;

    private int Queries => _tiles.Tile.Queries;

    private SharedTile[] Shared => [_queries, _keys, _values, _weights];

    private int SharedFloats => Shared.Sum(t => t.Floats) + _softmax.SharedFloats;

    /// <returns>Null where a head is too wide for shared memory.</returns>
    public static Kernel? Create(Attention attention, Call call, string name, KernelOptions options)
    {
        var operands = new CallOperands(call, options.Aligned);
        AttentionShape shape = ShapeOf(attention, operands);
        AttentionTile? tile = AttentionModel.Choose(shape, tile => KernelOf(tile).SharedFloats, options);
        return tile is null ? null : KernelOf(tile).Create(call, name) with { Registers = AttentionModel.RegistersOf(shape, tile) };

        TiledAttentionKernel KernelOf(AttentionTile tile) => new(attention, operands, tile);
    }

    private static AttentionShape ShapeOf(Attention attention, CallOperands operands)
    {
        KernelOperand query = operands.In(0);
        int keys = Enumerable.Range(0, attention.Segments).Sum(s => operands.In(1 + (2 * s)).Rows);
        return new(operands.Out(0).Batched, query.Rows, keys, attention.Heads, query.Columns / attention.Heads, Scores: 1, Sums: 1);
    }

    private Kernel Create(Call call, string name)
    {
        var groups = new GroupLaunch(
            _tiles.Side,
            _tiles.Side,
            SharedFloats,
            new(PerImage: false, _output.Rows, Queries),
            new(PerImage: false, _tiles.Heads, 1),
            _output.Batched ? GroupCount.OnePerImage : GroupCount.One);
        KernelOperand[] results = [_output, .. new[] { _logSum }.OfType<KernelOperand>()],
            operands = [_inputs.Query, .. _inputs.KeysAndValues, .. _inputs.BiasOrNone, .. results];
        string summary =
            $"{KernelFamilies.Summary(call, operands.Take(operands.Length - results.Length), results)} Tiles of {Queries} queries and "
                + $"{_tiles.Tile.Keys} keys for {Threads} threads.";
        return new(name, summary, operands, groups, WriteBody) { Sizes = KernelSize.Of(operands) };
    }

    private void WriteBody(SourceWriter writer)
    {
        foreach (SharedTile tile in Shared)
            tile.Declare(writer);
        _softmax.WriteShared(writer);
        _tiles.WriteIndices(writer, [_inputs.Query, .. _inputs.KeysAndValues, _output]);
        writer.Line($"int firstQuery = Grid.IdxX * {Queries}, image = Grid.IdxZ;");
        _queries.Load(writer, _inputs.Query, "firstQuery", _tiles.Head, Threads);
        for (int i = 0; _inputs.Bias is not null && i < _tiles.ThreadQueries; i++)
            _tiles.WriteQuery(writer, i, _inputs.Query);
        RegisterTile result = _tiles.OfQueries("o");
        _softmax.WriteStart(writer, result);
        writer.Line();
        _inputs.ForEachSegment(writer, (keys, values) => WriteSegment(writer, keys, values, result));
        _softmax.WriteEnd(writer, result);
        string isThere(string row) => $"firstQuery + {row} < {_output.RowsText}";
        string rowOf(string row) => $"firstQuery + {row}";
        result.Store(writer, _output, _tiles.Head, isThere, rowOf);
        if (_logSum is not null)
            _softmax.WriteLogSums(writer, _logSum, isThere, rowOf);
    }

    private void WriteSegment(SourceWriter writer, KernelOperand keys, KernelOperand values, RegisterTile result)
    {
        using (writer.Block($"for (int firstKey = 0; firstKey < {keys.RowsText}; firstKey += {_tiles.Tile.Keys})"))
        {
            writer.Line("Group.Barrier();");
            _keys.Load(writer, keys, "firstKey", _tiles.Head, Threads);
            _values.Load(writer, values, "firstKey", _tiles.Head, Threads);
            writer.Line("Group.Barrier();");
            writer.Line();

            RegisterTile scores = _tiles.Scores("s");
            _tiles.WriteProducts(writer, scores, _queries, _keys);
            _inputs.AddBias(writer, scores, _tiles, keys, ofAll: true);
            scores.ForEach(writer, (_, column, score) =>
                $"{score} = firstKey + {column} < {keys.RowsText} ? {score} * {_tiles.Head.Scale} : float.NegativeInfinity;");
            _softmax.WriteTile(writer, scores, result, _values);
        }
    }
}
