using VptDsl.Compiler.Planning;

namespace VptDsl.Compiler.Emit.Kernels;

/// <summary>A matrix that a kernel reads or writes.</summary>
/// <param name="Name">The name of its parameter.</param>
/// <param name="Layout">How it lies in memory.</param>
internal sealed record KernelOperand(string Name, Layout Layout)
{
    /// <summary>Whether it begins at a multiple of 16 bytes in every call.</summary>
    public bool IsAligned { get; init; }

    /// <summary>Whether there is one matrix for each image.</summary>
    public bool Batched => Layout.Batched;

    public int Rows => Layout.Rows;

    public int Columns => Layout.Columns;

    /// <summary>The element at a row and a column, as C#. Indices may be any expression; "0" vanishes.</summary>
    /// <remarks>Images lie apart by a long: a batch may have more elements than an int can count.</remarks>
    public string At(string row, string column)
    {
        var terms = new List<string>();
        if (Batched)
            terms.Add($"image * {SourceWriter.Literal(Layout.ImageStride)}L");
        if (row != "0")
            terms.Add(Layout.RowStride == 1 ? row : $"{row} * {SourceWriter.Literal(Layout.RowStride)}");
        if (column != "0" || terms.Count == 0)
            terms.Add(column);
        return $"{Name}[{string.Join(" + ", terms)}]";
    }

    /// <summary>Whether every row of it can be read some floats at a time.</summary>
    public bool IsAlignedBy(int floats) =>
        IsAligned && Columns % floats == 0 && Layout.RowStride % floats == 0 && Layout.ImageStride % floats == 0;

    /// <summary>The same memory counted in units of one or four floats; of four, as a view of its own.</summary>
    public KernelOperand InUnits(int floats) => floats == 1 ? this : new(
        $"{Name}Fours",
        Layout with { Columns = Columns / floats, RowStride = Layout.RowStride / floats, ImageStride = Layout.ImageStride / floats });

    /// <summary>Declares the view that <see cref="InUnits"/> of four means.</summary>
    public void DeclareInFours(SourceWriter writer) => writer.Line($"ArrayView<Float4> {InUnits(4).Name} = {Name}.Cast<Float4>();");

    /// <summary>A unit of one or four floats that are zero.</summary>
    public static string Nothing(int floats) => floats == 1 ? "0" : "default";

    /// <summary>The element of a matrix that is one row.</summary>
    public string At(string column) => At("0", column);

    /// <summary>Where a row begins, the rows of all images counted as those of one matrix: a long expression.</summary>
    /// <param name="row">A variable or an expression in parentheses.</param>
    public string RowOffset(string row)
    {
        string rowStride = SourceWriter.Literal(Layout.RowStride), imageStride = SourceWriter.Literal(Layout.ImageStride);
        if (!Batched)
            return Rows == 1 ? "0L" : $"{row} * {rowStride}L";
        if (Rows == 1)
            return $"{row} * {imageStride}L";
        return Layout.ImageStride == Rows * Layout.RowStride
            ? $"{row} * {rowStride}L"
            : $"{row} / {Rows} * {imageStride}L + {row} % {Rows} * {rowStride}";
    }

    /// <summary>An element of a matrix, the rows of all images counted as those of one matrix.</summary>
    public string AtFlat(string row, string column) => $"{Name}[{RowOffset(row)} + {column}]";
}
