using VptDsl.Compiler.Graph.Operations;
using VptDsl.Compiler.Planning;

namespace VptDsl.Compiler.Emit.Kernels;

/// <summary>
/// Attention in windows by tiles: a group for one head of a window and a tile of its queries. The keys of the window and of the prompts
/// are one sequence, over which it passes with a running maximum and sum.
/// </summary>
internal sealed class TiledWindowAttentionKernel
{
    private readonly CallOperands _operands;
    private readonly WindowTiles _tiles;

    private TiledWindowAttentionKernel(CallOperands operands, WindowTiles tiles) => (_operands, _tiles) = (operands, tiles);

    /// <returns>Null where a head is too wide for shared memory.</returns>
    public static Kernel? Create(WindowAttention attention, Call call, string name, KernelOptions options)
    {
        var operands = new CallOperands(call);
        int prompts = attention.OverPrompts ? operands.In(attention.PromptKey).Rows : 0;
        var keys = new WindowKeys(attention.Grid.TokensOfWindow, prompts);
        AttentionTile? tile = options.Attention ?? TileModel.ChooseWindows(
            WindowTiles.QueriesOf(attention, operands.In(0)), keys.Count, tile => KernelOf(tile).SharedFloats, options.Limits);
        if (tile is null)
            return null;
        TiledWindowAttentionKernel kernel = KernelOf(tile);
        WindowTiles tiles = kernel._tiles;
        var groups = new GroupLaunch(
            tiles.Side,
            tiles.Side,
            kernel.SharedFloats,
            new(PerImage: false, attention.Grid.Windows * tiles.QueryTiles, 1),
            new(PerImage: false, attention.Heads, 1),
            GroupCount.OnePerImage);
        return new(name, $"{KernelFamilies.Summary(call)} {tiles.Text}", operands.All, groups, kernel.WriteBody) { WriteFunctions = tiles.WriteFunctions };

        TiledWindowAttentionKernel KernelOf(AttentionTile tile) => new(operands, new(attention, operands, query: 0, keys, tile, name));
    }

    private SharedTile[] Shared => [_tiles.QueryTile, _tiles.KeyTile, _tiles.ValueTile, _tiles.ScoreTile];

    private int SharedFloats => Shared.Sum(t => t.Floats) + (2 * _tiles.PartialFloats) + _tiles.BiasFloats;

    private void WriteBody(SourceWriter writer)
    {
        _tiles.WriteStart(writer, Shared, "maxima", "totals");
        WindowTiles.WritePart(writer, "firstQuery", _tiles.QueryTiles, _tiles.Tile.Queries);
        _tiles.LoadQueries(writer);
        writer.Line();
        writer.Line("// The largest score so far of each of this thread's queries, the sum of its weights, and its result.");
        foreach (string scalar in new[] { "max{0} = float.NegativeInfinity", "total{0} = 0" })
            writer.Line($"float {string.Join(", ", Enumerable.Range(0, _tiles.ThreadRows).Select(i => string.Format(scalar, i)))};");
        RegisterTile result = _tiles.Rows("o", _tiles.Tile.Queries);
        result.Declare(writer);
        using (writer.Block($"for (int firstKey = 0; firstKey < {_tiles.Keys.Count}; firstKey += {_tiles.Tile.Keys})"))
        {
            writer.Line("Group.Barrier();");
            _tiles.LoadKeys(writer);
            writer.Line("Group.Barrier();");
            writer.Line();
            RegisterTile scores = _tiles.Scores("s");
            _tiles.WriteScores(writer, scores);
            WriteSoftmax(writer, scores);
            writer.Line();
            result.ForEachRow(writer, (i, _, row) => string.Join(" ", row.Select(c => $"{c.Scalar} *= shrink{i};")));
            result.Multiply(writer, "k", _tiles.Tile.Keys, row => _tiles.ScoreTile.At(row, "k"), column => _tiles.ValueTile.At("k", column));
        }

        writer.Line();
        WriteStore(writer, result);
    }

    /// <summary>Turns scores into weights, and stores them where all threads read them; the result shrinks when a larger score turns up.</summary>
    private void WriteSoftmax(SourceWriter writer, RegisterTile scores)
    {
        writer.Line();
        writer.Line("// The largest score of each query, from what the threads of its line have.");
        scores.ForEachRow(writer, (_, row, items) =>
            $"{_tiles.Partial("maxima", row)} = {items.Select(c => c.Scalar).Aggregate((a, b) => $"XMath.Max({a}, {b})")};");
        writer.Line("Group.Barrier();");
        writer.Line($"float {string.Join(", ", Enumerable.Range(0, _tiles.ThreadRows).Select(i => $"next{i} = max{i}"))};");
        _tiles.ForEachPartial(writer, "maxima", (i, partial) => $"next{i} = XMath.Max(next{i}, {partial});");
        writer.Line();
        scores.ForEachRow(writer, (i, row, items) => string.Join("\n",
        [
            $"float shrink{i} = XMath.Exp(max{i} - next{i});",
            $"max{i} = next{i};",
            .. items.Select(c => $"{c.Scalar} = XMath.Exp({c.Scalar} - max{i});"),
            .. items.Select(c => $"{_tiles.ScoreTile.At(row, c.Column)} = {c.Scalar};"),
            $"{_tiles.Partial("totals", row)} = {string.Join(" + ", items.Select(c => c.Scalar))};",
            $"total{i} *= shrink{i};",
        ]));
        writer.Line("Group.Barrier();");
        _tiles.ForEachPartial(writer, "totals", (i, partial) => $"total{i} += {partial};");
    }

    private void WriteStore(SourceWriter writer, RegisterTile result)
    {
        KernelOperand output = _operands.Out(0);
        result.ForEachRow(writer, (i, row, items) =>
        {
            string[] stores =
            [
                .. items.Select(c => (_tiles.ColumnGuard(c.Column) is { Length: > 0 } guard ? $"if ({guard.Substring(4)}) " : "")
                    + $"{output.At($"outputRow{i}", _tiles.Head.At(c.Column))} = {c.Scalar} / total{i};"),
                .. new[] { _operands.Wanted(1) }.OfType<KernelOperand>()
                    .Select(logSum => $"if (threadColumn == 0) {logSum.At($"outputRow{i}", _tiles.HeadIndex)} = max{i} + XMath.Log(total{i});"),
            ];
            string body = string.Join("\n", stores.Select(s => "    " + s));
            return $"if (firstQuery + {row} < {_tiles.Queries})\n{{\n    int outputRow{i} = {_tiles.OutputRow($"(firstQuery + {row})")};\n{body}\n}}";
        });
    }
}
