namespace VptDsl.Compiler.Emit.Kernels;

/// <summary>The bias of the scores of the first segment's keys, which a lane adds from global memory.</summary>
internal sealed class TensorBias
{
    private readonly PtxWriter _ptx;
    private readonly TensorRows _rows;
    private readonly KernelOperand _bias;
    private readonly int _keys;
    private readonly double _scale;
    private readonly string _above, _below, _aboveAt, _belowAt, _bytes, _key, _next, _value, _isDone, _isThere;

    /// <param name="ptx">Writes the kernel.</param>
    /// <param name="rows">The warp's queries.</param>
    /// <param name="bias">A row for each query, heads side by side, a column for each key.</param>
    /// <param name="keys">Keys of the first segment.</param>
    /// <param name="scale">What scores are multiplied by later.</param>
    public TensorBias(PtxWriter ptx, TensorRows rows, KernelOperand bias, int keys, double scale)
    {
        (_ptx, _rows, _bias, _keys, _scale) = (ptx, rows, bias, keys, scale);
        _above = ptx.Long("bias");
        _below = ptx.Long("biasBelow");
        _aboveAt = ptx.Long("biasAt");
        _belowAt = ptx.Long("biasBelowAt");
        _bytes = ptx.Long("biasBytes");
        _key = ptx.Word("biasedKey");
        _next = ptx.Word("biasedNext");
        _value = ptx.Float("biased");
        _isDone = ptx.Predicate("unbiased");
        _isThere = ptx.Predicate("biasThere");
    }

    public void WriteStart() => _rows.WriteAddresses(_bias, _above, _below);

    /// <param name="first">The register of the tile's first key.</param>
    /// <param name="scores">The lane's scores, which lack their scale.</param>
    public void Write(string first, string[] scores)
    {
        string inverseScale = PtxWriter.Literal((float)(1 / _scale));
        _ptx.Line($"setp.ge.u32 {_isDone}, {first}, {_keys}; @{_isDone} bra BIASED;");
        _ptx.Line($"and.b32 {_key}, lane, 3; shl.b32 {_key}, {_key}, 1; add.u32 {_key}, {_key}, {first}; "
            + $"mul.wide.u32 {_bytes}, {_key}, {sizeof(float)}; "
            + $"add.s64 {_aboveAt}, {_above}, {_bytes}; add.s64 {_belowAt}, {_below}, {_bytes};");
        for (int i = 0; i < scores.Length; i++)
        {
            int key = (i / 4 * TensorTile.BlockColumns) + (i % 2);
            _ptx.Line($"add.u32 {_next}, {_key}, {key}; setp.lt.u32 {_isThere}, {_next}, {_keys}; "
                + $"@{_isThere} ld.global.f32 {_value}, [{(i / 2 % 2 == 0 ? _aboveAt : _belowAt)}+{key * sizeof(float)}]; "
                + $"@{_isThere} fma.rn.f32 {scores[i]}, {_value}, {inverseScale}, {scores[i]};");
        }

        _ptx.Label("BIASED");
    }
}
