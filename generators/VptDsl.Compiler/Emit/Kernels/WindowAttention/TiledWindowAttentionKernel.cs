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
    private readonly RunningSoftmax _softmax;

    private TiledWindowAttentionKernel(CallOperands operands, WindowTiles tiles) =>
        (_operands, _tiles, _softmax) = (operands, tiles, new(tiles.Threads, tiles.ScoreTile));

    /// <returns>Null where a head is too wide for shared memory.</returns>
    public static Kernel? Create(WindowAttention attention, Call call, string name, KernelOptions options)
    {
        var operands = new CallOperands(call, options.Aligned);
        int prompts = attention.OverPrompts ? operands.In(attention.PromptKey).Rows : 0;
        var keys = new KeySequence(attention.Grid.TokensOfWindow, prompts);
        AttentionTile? tile = WindowTiles.Choose(attention, operands.In(0), keys, tile => KernelOf(tile).SharedFloats, options);
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
        return new(name, $"{KernelFamilies.Summary(call)} {tiles.Text}", operands.All, groups, kernel.WriteBody)
        {
            WriteFunctions = tiles.WriteFunctions,
        };

        TiledWindowAttentionKernel KernelOf(AttentionTile tile) => new(operands, new(attention, operands, query: 0, keys, tile, name));
    }

    private SharedTile[] Shared => [_tiles.QueryTile, _tiles.KeyTile, _tiles.ValueTile, _tiles.ScoreTile];

    private int SharedFloats => Shared.Sum(t => t.Floats) + _softmax.SharedFloats + _tiles.BiasFloats;

    private void WriteBody(SourceWriter writer)
    {
        _softmax.WriteShared(writer);
        _tiles.WriteStart(writer, Shared, _operands.All);
        WindowTiles.WritePart(writer, "firstQuery", _tiles.QueryTiles, _tiles.Tile.Queries);
        _tiles.LoadQueries(writer);
        RegisterTile result = _tiles.Threads.OfQueries("o");
        _softmax.WriteStart(writer, result);
        using (writer.Block($"for (int firstKey = 0; firstKey < {_tiles.Keys.Count}; firstKey += {_tiles.Tile.Keys})"))
        {
            writer.Line("Group.Barrier();");
            _tiles.LoadKeys(writer);
            writer.Line("Group.Barrier();");
            writer.Line();
            RegisterTile scores = _tiles.Threads.Scores("s");
            _tiles.WriteScores(writer, scores);
            _softmax.WriteTile(writer, scores, result, _tiles.ValueTile);
        }

        _softmax.WriteEnd(writer, result);
        string isThere(string row) => $"firstQuery + {row} < {_tiles.Queries}";
        result.Store(writer, _operands.Out(0), _tiles.Head, isThere, OutputRow);
        if (_operands.Wanted(1) is { } logSum)
            _softmax.WriteLogSums(writer, logSum, isThere, OutputRow);

        string OutputRow(string row) => _tiles.OutputRow($"(firstQuery + {row})");
    }
}
