using static VptDsl.Compiler.Emit.Kernels.TensorInstructions;

namespace VptDsl.Compiler.Emit.Kernels;

/// <summary>Writes the products of a warp's 16 rows, which are in registers, with columns that are read two blocks at a time.</summary>
/// <remarks>
/// Fragments are where <c>mma.m16n8k8</c> wants them; in bfloat16 two are packed into one of <c>mma.m16n8k16</c>, as
/// <see cref="TensorMultiply"/> does, whose order of splitting and summing this has too.
/// </remarks>
internal sealed class TensorRowBlock
{
    /// <summary>Blocks of columns that are multiplied together.</summary>
    public const int Pair = 2;

    private readonly PtxWriter _ptx;
    private readonly Precision _precision;
    private readonly string[] _columns, _packed, _rows, _smallRows, _smallColumns, _terms, _zeros;

    public TensorRowBlock(PtxWriter ptx, Precision precision)
    {
        (_ptx, _precision) = (ptx, precision);
        bool isSplit = precision == Precision.Float32;
        _columns = ptx.Words("column", 2 * Pair * Steps);
        _packed = precision == Precision.BFloat16 ? ptx.Words("packed", 2 * Pair) : [];
        _rows = ptx.Words("rowPart", 4);
        _smallRows = isSplit ? ptx.Words("rowSmall", 4) : [];
        _smallColumns = isSplit ? ptx.Words("columnSmall", 2 * Pair) : [];
        _terms = isSplit ? ptx.Floats("term", 4 * Pair) : [];
        _zeros = isSplit ? [.. Enumerable.Repeat(ptx.Float("zero"), 4)] : [];
    }

    /// <summary>Steps of 8 terms that are multiplied at a time.</summary>
    public int Steps => _precision == Precision.BFloat16 ? 2 : 1;

    /// <summary>Terms that are multiplied at a time.</summary>
    public int Depth => Steps * TensorTile.BlockDepth;

    /// <summary>Whether rows are taken as they are: then they are split anew in every product, which takes the fewest registers.</summary>
    public bool TakesFloats => _precision == Precision.Float32;

    /// <summary>Writes what comes before the first product.</summary>
    public void WriteStart()
    {
        if (_zeros.Length > 0)
            _ptx.Line($"mov.f32 {_zeros[0]}, {PtxWriter.Literal(0)};");
    }

    /// <summary>Brings rows into the precision where they are not taken as they are.</summary>
    /// <param name="rounded">Where they go: four registers for <see cref="Depth"/> terms.</param>
    /// <param name="fragments">Fragments of <see cref="Steps"/> steps, four registers each.</param>
    public void WriteRound(string[] rounded, string[] fragments) => _ptx.Lines(rounded.Select((register, i) =>
    {
        string[] pair = Part(fragments, i / 2, 4);
        return _precision == Precision.BFloat16 ? Pack(register, pair[i % 2], pair[(i % 2) + 2]) : Round(register, fragments[i]);
    }));

    /// <summary>Replaces scores by products of rows and lines.</summary>
    /// <param name="parts">How many times <see cref="Depth"/> terms there are.</param>
    /// <param name="rows">Gives the registers of a part of the rows in the precision, when it is their turn.</param>
    /// <param name="scores">Four registers for each block of lines.</param>
    /// <param name="read">Writes how the four registers of a pair of blocks get a step of their lines.</param>
    public void WriteScores(int parts, Func<int, string[]> rows, string[] scores, Action<int, int, string[]> read)
    {
        _ptx.Lines(scores.Select(score => $"mov.f32 {score}, {PtxWriter.Literal(0)};"));
        for (int part = 0; part < parts; part++)
            Write(rows(part), scores, (pair, step, registers) => read((part * Steps) + step, pair, registers));
    }

    /// <summary>Adds to sums what a lane's weights, which lie as scores do, make of the lines that they are of.</summary>
    /// <remarks>
    /// What a lane has of a block of eight is a fragment of it as the left operand in which the even lines come before the odd ones.
    /// </remarks>
    /// <param name="weights">Four registers for each block of lines.</param>
    /// <param name="sums">Four registers for each block of columns.</param>
    /// <param name="read">Writes how the four registers of a pair of blocks of columns get eight lines, in this order.</param>
    public void WriteWeighted(string[] weights, string[] sums, Action<int, int, string[]> read)
    {
        for (int part = 0; part < weights.Length / (4 * Steps); part++)
        {
            string[] fragments =
            [
                .. Enumerable.Range(part * Steps, Steps)
                    .SelectMany(block => new[] { 0, 2, 1, 3 }.Select(i => weights[(block * 4) + i])),
            ];
            if (!TakesFloats)
                WriteRound(_rows, fragments);
            Write(TakesFloats ? fragments : _rows, sums, (pair, step, registers) => read((part * Steps) + step, pair, registers));
        }
    }

    private void Write(string[] rows, string[] sums, Action<int, int, string[]> read)
    {
        if (TakesFloats)
        {
            _ptx.Lines(rows.Zip(_rows, (row, part) => Round(part, row)));
            _ptx.Lines(Enumerable.Range(0, 4).SelectMany(i => Rest(_smallRows[i], rows[i], _rows[i])));
        }

        for (int pair = 0; pair < sums.Length / (4 * Pair); pair++)
        {
            for (int step = 0; step < Steps; step++)
                read(pair, step, Part(_columns, step, 2 * Pair));
            string[] sumsOfPair = Part(sums, pair, 4 * Pair);
            if (TakesFloats)
            {
                WriteSplit(sumsOfPair);
                continue;
            }

            string[] columns = _packed.Length > 0 ? _packed : _columns;
            _ptx.Lines(columns.Select((register, i) => _packed.Length > 0
                ? Pack(register, Column(i, 0), Column(i, 1))
                : Round(register, register)));
            string operation = _packed.Length > 0 ? BFloat16 : Tf32;
            WriteBlocks(block => Multiply(
                operation, Part(sumsOfPair, block, 4), rows, Part(columns, block, 2), Part(sumsOfPair, block, 4)));
        }

        // Register i of a packed fragment has the depths of step i % 2.
        string Column(int i, int half) => _columns[(i % 2 * 2 * Pair) + (i / 2 * 2) + half];
    }

    private void WriteSplit(string[] sums)
    {
        _ptx.Lines(_columns.Select((column, i) => $"mov.b32 {_smallColumns[i]}, {column};"));
        _ptx.Lines(_columns.Select(column => Round(column, column)));
        _ptx.Lines(_columns.SelectMany((column, i) => Rest(_smallColumns[i], _smallColumns[i], column)));
        WriteBlocks(block => Multiply(Tf32, Term(block), _smallRows, Part(_columns, block, 2), _zeros));
        WriteBlocks(block => Multiply(Tf32, Term(block), _rows, Part(_smallColumns, block, 2), Term(block)));
        WriteBlocks(block => Multiply(Tf32, Term(block), _rows, Part(_columns, block, 2), Term(block)));
        _ptx.Lines(sums.Zip(_terms, (sum, term) => $"add.rn.f32 {sum}, {sum}, {term};"));

        string[] Term(int block) => Part(_terms, block, 4);
    }

    private void WriteBlocks(Func<int, string> write) => _ptx.Lines(Enumerable.Range(0, Pair).Select(write));
}
