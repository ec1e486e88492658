namespace VptDsl.Compiler.Emit.Kernels;

/// <summary>Passes over lines tile by tile: one is multiplied while the next is copied to where the one before it was.</summary>
internal sealed class TensorStages
{
    private readonly PtxWriter _ptx;
    private readonly TensorAttentionTile _tile;
    private readonly TensorLines _lines;
    private readonly string _first, _following, _reading, _writing, _isDue;

    /// <param name="ptx">Writes the kernel.</param>
    /// <param name="tile">The tile.</param>
    /// <param name="lines">What is copied.</param>
    public TensorStages(PtxWriter ptx, TensorAttentionTile tile, TensorLines lines)
    {
        (_ptx, _tile, _lines) = (ptx, tile, lines);
        _first = ptx.Word("first");
        _following = ptx.Word("following");
        _reading = ptx.Word("reading");
        _writing = ptx.Word("writing");
        _isDue = ptx.Predicate("due");
    }

    /// <summary>Begins to copy the first tile.</summary>
    public void WriteStart()
    {
        _ptx.Line($"mov.u32 {_first}, 0; mov.u32 {_reading}, 0;");
        _lines.WriteCopy(_first, _reading);
        _ptx.Line("cp.async.commit_group;");
    }

    /// <summary>Writes the loop.</summary>
    /// <param name="multiply">Writes what is done with a tile, given the register of its first line.</param>
    public void Write(Action<string> multiply)
    {
        _ptx.Comment("A tile is multiplied while the next is copied to where the one before it was.");
        _ptx.Label("TILE");
        _ptx.Line("cp.async.wait_group 0; bar.sync 0;");
        _ptx.Line($"add.u32 {_following}, {_first}, {_tile.Keys}; sub.u32 {_writing}, {_tile.StageBytes}, {_reading}; "
            + $"setp.ge.u32 {_isDue}, {_following}, {_lines.Count}; @{_isDue} bra COPIED;");
        _lines.WriteCopy(_following, _writing);
        _ptx.Label("COPIED").Line("cp.async.commit_group;");
        _lines.WriteReadStage(_reading);
        multiply(_first);
        _ptx.Line($"mov.u32 {_reading}, {_writing}; mov.u32 {_first}, {_following}; "
            + $"setp.lt.u32 {_isDue}, {_first}, {_lines.Count}; @{_isDue} bra TILE;");
        _ptx.Line("cp.async.wait_group 0;");
    }
}
