using static VptDsl.Compiler.Emit.Kernels.TensorInstructions;

namespace VptDsl.Compiler.Emit.Kernels;

/// <summary>Writes what a warp does with the fragments of a tile: brings them into a precision, multiplies, adds up.</summary>
/// <remarks>
/// A fragment's floats are where <c>mma.m16n8k8</c> wants them. Two of these, packed in pairs of bfloat16, are one of
/// <c>mma.m16n8k16</c> whose depths are in another order, which is the same one for both operands and so changes no sum.
/// </remarks>
internal sealed class TensorMultiply
{
    /// <summary>Blocks of columns that a warp splits together: more would take registers that leave no room for a second group.</summary>
    private const int SplitBlocks = 2;

    private readonly PtxWriter _ptx;
    private readonly Precision _precision;
    private readonly TensorTile _tile;
    private readonly TensorOperand _a, _b;
    private readonly string[] _rowParts, _columnParts, _packedRows, _packedColumns, _smallRows, _smallColumns, _terms;
    private readonly string _zero;

    public TensorMultiply(PtxWriter ptx, Precision precision, TensorTile tile, TensorOperand a, TensorOperand b)
    {
        (_ptx, _precision, _tile, _a, _b) = (ptx, precision, tile, a, b);
        bool isSplit = precision == Precision.Float32, isPacked = precision == Precision.BFloat16;
        int steps = isPacked ? 2 : 1, columns = 2 * tile.ColumnBlocks;
        Sums = ptx.Floats("sum", 4 * tile.RowBlocks * tile.ColumnBlocks);
        _rowParts = ptx.Words("aPart", 4 * steps);
        _columnParts = ptx.Words("bPart", columns * steps);
        _packedRows = isPacked ? ptx.Words("aPacked", 4) : [];
        _packedColumns = isPacked ? ptx.Words("bPacked", columns) : [];
        _smallRows = isSplit ? ptx.Words("aSmall", 4) : [];
        _smallColumns = isSplit ? ptx.Words("bSmall", columns) : [];
        _terms = isSplit ? ptx.Floats("term", 4 * SplitBlocks) : [];
        _zero = isSplit ? ptx.Float("zero") : "";
    }

    /// <summary>The warp's part of the result: four elements of each block, the blocks of a row side by side.</summary>
    public string[] Sums { get; }

    public void WriteZeros()
    {
        _ptx.Lines(Sums.Select(sum => $"mov.f32 {sum}, {PtxWriter.Literal(0)};"));
        if (_zero.Length > 0)
            _ptx.Line($"mov.f32 {_zero}, {PtxWriter.Literal(0)};");
    }

    /// <summary>Multiplies a stage's tiles.</summary>
    public void Write()
    {
        int steps = TensorTile.Depth / TensorTile.BlockDepth;
        if (_precision == Precision.BFloat16)
        {
            WriteBFloat16(steps);
            return;
        }

        for (int step = 0; step < steps; step++)
        {
            _b.WriteColumnFragments(step, _columnParts);
            _ptx.Lines(Enumerable.Range(0, _columnParts.Length).SelectMany(i => Round(_columnParts[i], i, _smallColumns)));
            for (int row = 0; row < _tile.RowBlocks; row++)
            {
                _a.WriteRowFragment(step, row, _rowParts);
                _ptx.Lines(Enumerable.Range(0, 4).SelectMany(i => Round(_rowParts[i], i, _smallRows)));
                if (_precision == Precision.Float32)
                    WriteSplit(row);
                else
                    WriteBlocks(column => Multiply(Tf32, Sum(row, column), _rowParts, Pair(_columnParts, column), Sum(row, column)));
            }
        }
    }

    /// <summary>The three products of the parts, the smallest first, in a sum of their own, which then joins the others'.</summary>
    /// <remarks>Tensor cores cut off what a sum has no room for, where float32 units round: so they get short sums alone.</remarks>
    private void WriteSplit(int row)
    {
        string[] zeros = [_zero, _zero, _zero, _zero];
        for (int first = 0; first < _tile.ColumnBlocks; first += SplitBlocks)
        {
            int[] columns = [.. Enumerable.Range(first, SplitBlocks)];
            _ptx.Lines(columns.Select(c => Multiply(Tf32, Term(c), _smallRows, Pair(_columnParts, c), zeros)));
            _ptx.Lines(columns.Select(c => Multiply(Tf32, Term(c), _rowParts, Pair(_smallColumns, c), Term(c))));
            _ptx.Lines(columns.Select(c => Multiply(Tf32, Term(c), _rowParts, Pair(_columnParts, c), Term(c))));
            _ptx.Lines(columns.SelectMany(c => Sum(row, c).Zip(Term(c), (sum, term) => $"add.rn.f32 {sum}, {sum}, {term};")));
        }

        string[] Term(int column) => Part(_terms, column % SplitBlocks, 4);
    }

    private void WriteBFloat16(int steps)
    {
        for (int step = 0; step < steps; step++)
            _b.WriteColumnFragments(step, Part(_columnParts, step, 2 * _tile.ColumnBlocks));
        _ptx.Lines(Enumerable.Range(0, _packedColumns.Length).Select(i =>
        {
            string[] parts = Part(_columnParts, i % 2, 2 * _tile.ColumnBlocks);
            return Pack(_packedColumns[i], parts[2 * (i / 2)], parts[(2 * (i / 2)) + 1]);
        }));
        for (int row = 0; row < _tile.RowBlocks; row++)
        {
            for (int step = 0; step < steps; step++)
                _a.WriteRowFragment(step, row, Part(_rowParts, step, 4));
            _ptx.Lines(Enumerable.Range(0, 4).Select(i =>
            {
                string[] parts = Part(_rowParts, i / 2, 4);
                return Pack(_packedRows[i], parts[i % 2], parts[(i % 2) + 2]);
            }));
            WriteBlocks(column => Multiply(BFloat16, Sum(row, column), _packedRows, Pair(_packedColumns, column), Sum(row, column)));
        }
    }

    /// <summary>Rounds a float to what is multiplied; where it is split, the rest is exact but for its last bit.</summary>
    private IEnumerable<string> Round(string part, int index, string[] small)
    {
        string round = TensorInstructions.Round(part, part);
        if (_precision == Precision.TensorFloat32)
            return [round];
        string rest = small[index];
        return [$"mov.b32 {rest}, {part};", round, .. Rest(rest, rest, part)];
    }

    private void WriteBlocks(Func<int, string> write) => _ptx.Lines(Enumerable.Range(0, _tile.ColumnBlocks).Select(write));

    private string[] Sum(int row, int column) => Part(Sums, (row * _tile.ColumnBlocks) + column, 4);

    private static string[] Pair(string[] columns, int block) => Part(columns, block, 2);
}
