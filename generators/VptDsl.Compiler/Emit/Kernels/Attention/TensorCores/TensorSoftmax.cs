namespace VptDsl.Compiler.Emit.Kernels;

/// <summary>
/// Softmax over keys that arrive tile by tile, for the two queries of which a lane has scores: what <see cref="RunningSoftmax"/> is in C#.
/// The four lanes that share queries hand each other their largest scores, and at the end what their weights add up to.
/// </summary>
/// <remarks>
/// Scores lie as tensor cores leave them, four of a block of eight keys: two neighbouring keys' of one query, then the other query's.
/// They have no scale yet; exponentials bring it, with the logarithm's base.
/// </remarks>
internal sealed class TensorSoftmax
{
    private const int Queries = TensorRows.OfLane;

    private readonly PtxWriter _ptx;
    private readonly double _scale;
    private readonly string[] _scores, _max, _next, _totals;
    private readonly string _shrink, _handed;

    /// <param name="ptx">Writes the kernel.</param>
    /// <param name="scores">The lane's scores, which become weights.</param>
    /// <param name="scale">What scores are multiplied by.</param>
    public TensorSoftmax(PtxWriter ptx, string[] scores, double scale)
    {
        (_ptx, _scores, _scale) = (ptx, scores, scale);
        _max = ptx.Floats("max", Queries);
        _next = ptx.Floats("next", Queries);
        _totals = ptx.Floats("total", Queries);
        _shrink = ptx.Float("shrink");
        _handed = ptx.Float("handed");
    }

    public void WriteStart() => _ptx.Lines(
    [
        .. _max.Select(max => $"mov.f32 {max}, {PtxWriter.Literal(float.NegativeInfinity)};"),
        .. _totals.Select(total => $"mov.f32 {total}, {PtxWriter.Literal(0)};"),
    ]);

    /// <summary>Turns scores into weights, and makes the results so far smaller where larger scores have turned up.</summary>
    /// <param name="results">The lane's results, four registers for each block of columns, as scores have them.</param>
    public void WriteTile(string[] results)
    {
        for (int query = 0; query < Queries; query++)
        {
            (string max, string next, string total) = (_max[query], _next[query], _totals[query]);
            string[] scores = Of(_scores, query);
            _ptx.Line($"mov.f32 {next}, {max};");
            _ptx.Lines(scores.Select(score => $"max.f32 {next}, {next}, {score};"));
            WriteHanded(next, "max.f32");
            _ptx.Line($"sub.rn.f32 {_shrink}, {max}, {next}; mul.rn.f32 {_shrink}, {_shrink}, {Exponent}; "
                + $"ex2.approx.f32 {_shrink}, {_shrink}; mov.f32 {max}, {next}; mul.rn.f32 {total}, {total}, {_shrink};");
            _ptx.Lines(scores.SelectMany(score => new[]
            {
                $"sub.rn.f32 {score}, {score}, {max};",
                $"mul.rn.f32 {score}, {score}, {Exponent};",
                $"ex2.approx.f32 {score}, {score};",
                $"add.rn.f32 {total}, {total}, {score};",
            }));
            _ptx.Lines(Of(results, query).Select(result => $"mul.rn.f32 {result}, {result}, {_shrink};"));
        }
    }

    /// <summary>Divides results by what the weights add up to.</summary>
    public void WriteEnd(string[] results)
    {
        for (int query = 0; query < Queries; query++)
        {
            WriteHanded(_totals[query], "add.rn.f32");
            _ptx.Line($"rcp.approx.f32 {_shrink}, {_totals[query]};");
            _ptx.Lines(Of(results, query).Select(result => $"mul.rn.f32 {result}, {result}, {_shrink};"));
        }
    }

    /// <summary>Replaces the sums of the queries' weights by the logarithms of the sums of their scores' exponentials.</summary>
    /// <returns>The registers that have them.</returns>
    public string[] WriteLogSums()
    {
        _ptx.Lines(_totals.SelectMany((total, query) => new[]
        {
            $"lg2.approx.f32 {total}, {total};",
            $"mul.rn.f32 {total}, {total}, {Number(Math.Log(2))};",
            $"fma.rn.f32 {total}, {_max[query]}, {Number(_scale)}, {total};",
        }));
        return _totals;
    }

    private string Exponent => Number(_scale / Math.Log(2));

    private static string[] Of(string[] registers, int query) => [.. registers.Where((_, i) => i / 2 % Queries == query)];

    /// <summary>Combines a value with those of the other lanes that share a query, in an order that is the same for all of them.</summary>
    private void WriteHanded(string value, string combine) => _ptx.Lines(new[] { 1, 2 }.SelectMany(lanes => new[]
    {
        $"shfl.sync.bfly.b32 {_handed}, {value}, {lanes}, 31, 0xffffffff;",
        $"{combine} {value}, {value}, {_handed};",
    }));

    private static string Number(double value) => PtxWriter.Literal((float)value);
}
