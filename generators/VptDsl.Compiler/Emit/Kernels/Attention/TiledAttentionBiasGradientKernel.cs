using VptDsl.Compiler.Graph.Operations;
using VptDsl.Compiler.Planning;

namespace VptDsl.Compiler.Emit.Kernels;

/// <summary>
/// The gradient of attention's bias by tiles: a group of threads for a tile of the queries and a tile of the keys of one head, which passes
/// over the images with its sums in registers. The weights of a tile are computed anew from the saved sums.
/// </summary>
internal sealed class TiledAttentionBiasGradientKernel
{
    private const int FirstKey = 4, Side = 8;

    private readonly AttentionOperands _operands;
    private readonly KernelOperand _dOutput, _logSum, _dBias;
    private readonly AttentionDelta _delta;
    private readonly AttentionTiles _tiles;
    private readonly SharedTile _queries, _dOutputs, _keys, _values;

    private TiledAttentionBiasGradientKernel(AttentionBiasGradient attention, CallOperands operands, AttentionTile tile)
    {
        _operands = new(operands, attention.Heads, FirstKey);
        _dOutput = AttentionOperands.OfQueries(operands.In(0));
        _logSum = AttentionOperands.OfQueries(operands.In(2));
        _dBias = AttentionOperands.BiasOf(operands.Out(0), "dBias");
        _delta = new(_dOutput, AttentionOperands.OfQueries(operands.In(1)), attention.Heads, start: 0);
        _tiles = new(operands.In(FirstKey - 1), attention.Heads, tile);
        _queries = _tiles.QueryTile("queryTile");
        _dOutputs = _tiles.QueryTile("dOutputTile");
        _keys = _tiles.KeyTile("keyTile");
        _values = _tiles.KeyTile("valueTile");
    }

    private SharedTile[] Shared => [_queries, _dOutputs, _keys, _values];

    private int SharedFloats => Shared.Sum(t => t.Floats);

    /// <returns>Null where a head is too wide for shared memory.</returns>
    public static IReadOnlyList<Kernel>? Create(AttentionBiasGradient attention, Call call, string name, KernelOptions options)
    {
        var operands = new CallOperands(call, options.Aligned);
        KernelOperand query = operands.In(FirstKey - 1);
        if (options.Attention is { } asked)
            return AttentionModel.IsPossible(asked, query.Columns / attention.Heads) ? Of(asked).Kernels(name, options) : null;

        // The largest tiles read least; the few queries that may be left of a layer need no large ones.
        return new[] { 32, 16, 8 }
            .Select(lines => Of(new(Math.Min(lines, (query.Rows + Side - 1) / Side * Side), lines, Side * Side)))
            .FirstOrDefault(kernel => kernel.SharedFloats * sizeof(float) <= options.Limits.SharedBytes)?.Kernels(name, options);

        TiledAttentionBiasGradientKernel Of(AttentionTile tile) => new(attention, operands, tile);
    }

    private IReadOnlyList<Kernel> Kernels(string name, KernelOptions options)
    {
        KernelOperand[] segment = _operands.Segment(0);
        KernelOperand keys = segment[0], values = segment[1];
        AttentionTile tile = _tiles.Tile;
        var groups = new GroupLaunch(
            _tiles.Side,
            _tiles.Side,
            SharedFloats,
            new(PerImage: false, _dBias.Rows, tile.Queries),
            new(PerImage: false, _tiles.Heads, 1),
            new(PerImage: false, keys.Rows, tile.Keys));
        KernelOperand[] read = [_dOutput, _logSum, _operands.Query, keys, values, .. _operands.BiasOrNone], all = [.. read, _dBias];
        string summary = $"{_dBias.Name} [{_dBias.RowsText}, {_tiles.Heads} heads of {keys.RowsText}] = the bias's gradient from "
            + $"{_dOutput.Name}. Tiles of {tile.Queries} queries and {tile.Keys} keys for {tile.Threads} threads.";
        Kernel sums = new Kernel(name, summary, all, groups, writer => WriteBody(writer, keys, values))
        {
            Scratch = _delta.Scratch,
            Sizes = [.. KernelSize.Of(all).Concat(_delta.Sizes).Distinct()],
        };
        return [_delta.Kernel(name + "Delta", options), sums];
    }

    private void WriteBody(SourceWriter writer, KernelOperand keys, KernelOperand values)
    {
        AttentionTile tile = _tiles.Tile;
        RegisterTile scores = _tiles.Scores("s"), slopes = _tiles.Scores("p"), sums = _tiles.Scores("t");
        foreach (SharedTile shared in Shared)
            shared.Declare(writer);
        _tiles.WriteIndices(writer, [_dOutput, _operands.Query, keys, values]);
        writer.Line($"int firstQuery = Grid.IdxX * {tile.Queries}, firstKey = Grid.IdxZ * {tile.Keys};");
        sums.Declare(writer);
        using (writer.Block($"for (int image = 0; image < {(_dOutput.Batched ? "batch" : "1")}; image++)"))
        {
            writer.Line("Group.Barrier();");
            _queries.Load(writer, _operands.Query, "firstQuery", _tiles.Head, tile.Threads);
            _dOutputs.Load(writer, _dOutput, "firstQuery", _tiles.Head, tile.Threads);
            _keys.Load(writer, keys, "firstKey", _tiles.Head, tile.Threads);
            _values.Load(writer, values, "firstKey", _tiles.Head, tile.Threads);
            for (int i = 0; i < _tiles.ThreadQueries; i++)
            {
                _tiles.WriteQuery(writer, i, _operands.Query);
                _delta.WriteOfQuery(writer, i, _logSum, $"query{i}", _tiles.HeadIndex, hasSlopes: true);
            }

            writer.Line("Group.Barrier();");
            _tiles.WriteProducts(writer, scores, _queries, _keys);
            _tiles.WriteProducts(writer, slopes, _dOutputs, _values);
            _operands.AddBias(writer, scores, _tiles, keys, ofAll: false);
            scores.ForEachRow(writer, (i, _, items) => string.Join("\n", items.Select(c =>
            {
                string place = c.Scalar.Substring(1);
                return $"t{place} += XMath.Exp(s{place} * {_tiles.Head.Scale} - logSum{i}) * (p{place} - delta{i});";
            })));
        }

        sums.ForEach(writer, (row, column, sum) =>
            $"if (firstQuery + {row} < {_dBias.RowsText} && firstKey + {column} < {keys.RowsText}) "
            + $"{_tiles.Head.BiasAt(_dBias, $"(firstQuery + {row})", $"firstKey + {column}", keys)} = {sum};");
    }
}
