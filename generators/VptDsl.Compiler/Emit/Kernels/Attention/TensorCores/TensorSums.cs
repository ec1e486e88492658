namespace VptDsl.Compiler.Emit.Kernels;

/// <summary>
/// What is known of each query in the gradients of attention, and what becomes of scores with it: weights, by the logarithms of the sums
/// of the scores' exponentials, and slopes, by what the output and its gradient add up to.
/// </summary>
internal sealed class TensorSums
{
    private readonly PtxWriter _ptx;
    private readonly KernelOperand _logSum, _delta;
    private readonly long _deltaStart;
    private readonly double _scale;
    private readonly bool _isOfRows;
    private readonly string[] _logSums, _deltas;
    private readonly string _logSumBase, _deltaBase, _logSumAt, _deltaAt, _bytes, _line, _next, _isThere;

    /// <param name="ptx">Writes the kernel.</param>
    /// <param name="logSum">The logarithms.</param>
    /// <param name="delta">What output and gradient add up to, in scratch memory.</param>
    /// <param name="deltaStart">Floats of scratch memory before it.</param>
    /// <param name="scale">What scores are multiplied by.</param>
    /// <param name="tileLines">Lines of a tile where these are queries; null where a warp's rows are.</param>
    public TensorSums(PtxWriter ptx, KernelOperand logSum, KernelOperand delta, long deltaStart, double scale, int? tileLines)
    {
        (_ptx, _logSum, _delta, _deltaStart, _scale, _isOfRows) = (ptx, logSum, delta, deltaStart, scale, tileLines is null);
        int queries = tileLines is { } lines ? 2 * lines / TensorTile.BlockColumns : TensorRows.OfLane;
        _logSums = ptx.Floats("logSum", queries);
        _deltas = ptx.Floats("delta", queries);
        _logSumBase = ptx.Long("logSumBase");
        _deltaBase = ptx.Long("deltaBase");
        _logSumAt = ptx.Long("logSumAt");
        _deltaAt = ptx.Long("deltaAt");
        _bytes = ptx.Long("sumBytes");
        _line = ptx.Word("sumLine");
        _next = ptx.Word("sumNext");
        _isThere = ptx.Predicate("sumThere");
    }

    /// <summary>Loads those of the lane's rows, which are queries.</summary>
    public void WriteOfRows(TensorRows rows)
    {
        rows.WriteLoadOne(_logSum, _logSums, start: 0);
        rows.WriteLoadOne(_delta, _deltas, _deltaStart);
        WriteNegated();
    }

    /// <summary>Writes where those of the image's queries begin, which are lines.</summary>
    public void WriteBases(TensorRows rows)
    {
        rows.WriteAddress(_logSum, _logSumBase);
        rows.WriteAddress(_delta, _deltaBase);
        if (_deltaStart > 0)
            _ptx.Line($"add.s64 {_deltaBase}, {_deltaBase}, {SourceWriter.Literal(_deltaStart * sizeof(float))};");
    }

    /// <summary>Loads those of a tile's queries; such as do not exist weigh nothing.</summary>
    /// <param name="first">The register of the tile's first query.</param>
    /// <param name="count">Queries that there are.</param>
    public void WriteOfLines(string first, int count)
    {
        _ptx.Line($"and.b32 {_line}, lane, 3; shl.b32 {_line}, {_line}, 1; add.u32 {_line}, {_line}, {first};");
        _ptx.Line($"mul.wide.u32 {_bytes}, {_line}, {Bytes(_logSum)}; add.s64 {_logSumAt}, {_logSumBase}, {_bytes}; "
            + $"mul.wide.u32 {_bytes}, {_line}, {Bytes(_delta)}; add.s64 {_deltaAt}, {_deltaBase}, {_bytes};");
        for (int i = 0; i < _logSums.Length; i++)
        {
            int query = (i / 2 * TensorTile.BlockColumns) + (i % 2);
            _ptx.Line($"mov.f32 {_logSums[i]}, {Number(double.PositiveInfinity)}; mov.f32 {_deltas[i]}, {Number(0)}; "
                + $"add.u32 {_next}, {_line}, {query}; setp.lt.u32 {_isThere}, {_next}, {count};");
            _ptx.Line($"@{_isThere} ld.global.f32 {_logSums[i]}, [{_logSumAt}+{SourceWriter.Literal(query * RowBytes(_logSum))}]; "
                + $"@{_isThere} ld.global.f32 {_deltas[i]}, [{_deltaAt}+{SourceWriter.Literal(query * RowBytes(_delta))}];");
        }

        WriteNegated();
    }

    /// <summary>Turns scores into weights, and the gradients of weights into those of scores.</summary>
    public void WriteSlopes(string[] scores, string[] slopes)
    {
        string scale = Number(_scale), exponent = Number(1 / Math.Log(2));
        for (int i = 0; i < scores.Length; i++)
        {
            int query = _isOfRows ? i / 2 % 2 : (i / 4 * 2) + (i % 2);
            (string score, string slope) = (scores[i], slopes[i]);
            _ptx.Line($"fma.rn.f32 {score}, {score}, {scale}, {_logSums[query]}; mul.rn.f32 {score}, {score}, {exponent}; "
                + $"ex2.approx.f32 {score}, {score}; fma.rn.f32 {slope}, {slope}, {scale}, {_deltas[query]}; "
                + $"mul.rn.f32 {slope}, {slope}, {score};");
        }
    }

    /// <summary>As they are added: the logarithms negated, the others negated and scaled.</summary>
    private void WriteNegated()
    {
        _ptx.Lines(_logSums.Select(value => $"sub.rn.f32 {value}, {Number(0)}, {value};"));
        _ptx.Lines(_deltas.Select(value => $"mul.rn.f32 {value}, {value}, {Number(-_scale)};"));
    }

    private static string Bytes(KernelOperand operand) => SourceWriter.Literal(RowBytes(operand));

    private static long RowBytes(KernelOperand operand) => operand.Layout.RowStride * sizeof(float);

    private static string Number(double value) => PtxWriter.Literal((float)value);
}
