namespace VptDsl.Compiler.Emit.Kernels;

/// <summary>Takes away a lane's scores of lines that do not exist, which the last tile may have.</summary>
internal sealed class TensorMask
{
    private readonly PtxWriter _ptx;
    private readonly string _column, _place, _left, _isWhole, _isThere;

    /// <param name="ptx">Writes the kernel.</param>
    public TensorMask(PtxWriter ptx)
    {
        _ptx = ptx;
        _column = ptx.Word("scoreColumn");
        _place = ptx.Word("scorePlace");
        _left = ptx.Word("left");
        _isWhole = ptx.Predicate("whole");
        _isThere = ptx.Predicate("scoreThere");
    }

    public void WriteStart() => _ptx.Line($"and.b32 {_column}, lane, 3; shl.b32 {_column}, {_column}, 1;");

    /// <param name="first">The register of the tile's first line.</param>
    /// <param name="lines">Lines of a tile.</param>
    /// <param name="count">Lines that there are.</param>
    /// <param name="scores">The lane's scores, as tensor cores leave them.</param>
    public void Write(string first, int lines, int count, string[] scores)
    {
        if (count % lines == 0)
            return;
        _ptx.Line($"sub.u32 {_left}, {count}, {first}; setp.ge.u32 {_isWhole}, {_left}, {lines}; @{_isWhole} bra WHOLE;");
        for (int block = 0; block < lines / TensorTile.BlockColumns; block++)
        {
            for (int column = 0; column < 2; column++)
            {
                string[] ofBlock = TensorInstructions.Part(scores, block, 4);
                _ptx.Line($"add.u32 {_place}, {_column}, {(block * TensorTile.BlockColumns) + column}; "
                    + $"setp.lt.u32 {_isThere}, {_place}, {_left}; {Remove(ofBlock[column])} {Remove(ofBlock[column + 2])}");
            }
        }

        _ptx.Label("WHOLE");
    }

    private string Remove(string score) => $"@!{_isThere} mov.f32 {score}, {PtxWriter.Literal(float.NegativeInfinity)};";
}
