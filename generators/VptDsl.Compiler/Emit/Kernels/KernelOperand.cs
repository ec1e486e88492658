using VptDsl.Compiler.Planning;

namespace VptDsl.Compiler.Emit.Kernels;

/// <summary>A matrix that a kernel reads or writes.</summary>
/// <param name="Name">The name of its parameter.</param>
/// <param name="Layout">How it lies in memory.</param>
internal sealed record KernelOperand(string Name, Layout Layout)
{
    /// <summary>What the call's method calls it, where the kernel has another name for it.</summary>
    public string Slot { get; init; } = Name;

    /// <summary>Whether it begins at a multiple of 16 bytes in every call.</summary>
    public bool IsAligned { get; init; }

    /// <summary>The parameter by which the kernel learns how many rows there are; null where it has their number as a constant.</summary>
    public KernelSize? RowCount { get; init; }

    /// <summary>The parameter by which it learns how far rows are apart; null for a constant.</summary>
    public KernelSize? RowStride { get; init; }

    /// <summary>
    /// The parameter by which it learns how far images are apart, which is not at all where they share the matrix; null for a constant.
    /// </summary>
    public KernelSize? ImageStride { get; init; }

    /// <summary>Whether elements are found by their image too, though there may be but one: <c>image</c> is then 0.</summary>
    public bool IsIndexedByImage { get; init; } = Layout.Batched;

    /// <summary>Whether there is one matrix for each image.</summary>
    public bool Batched => Layout.Batched;

    public int Rows => Layout.Rows;

    public int Columns => Layout.Columns;

    /// <summary>How many rows there are, as C#.</summary>
    public string RowsText => RowCount?.Name ?? SourceWriter.Literal(Rows);

    /// <summary>Its shape, for people: with the names of what is no constant.</summary>
    public string ShapeText =>
        RowCount is { PerImage: true } || !IsIndexedByImage ? $"[{RowsText}, {Columns}]" : $"[batch, {RowsText}, {Columns}]";

    /// <summary>Matrices with their shapes, for people.</summary>
    public static string Text(IEnumerable<KernelOperand> operands) =>
        string.Join(", ", operands.Select(operand => $"{operand.Name} {operand.ShapeText}"));

    /// <summary>Whether the rows of all images are those of one matrix with one stride.</summary>
    public bool HasOneStride => !Batched || Rows == 1 || IsDenseInImages;

    private bool IsDenseInImages => Layout.ImageStride == (long)Rows * Layout.RowStride;

    // A stride that is a parameter is counted in the units in which the kernel reads or writes the matrix.
    private int StrideUnit { get; init; } = 1;

    /// <summary>With strides that are parameters of the kernel.</summary>
    /// <param name="prefix">What their names begin with.</param>
    /// <param name="unit">In what unit the kernel reads or writes it, <see cref="InUnits"/>: one float or four.</param>
    public KernelOperand WithStrides(string prefix, int unit) => this with
    {
        RowStride = new(prefix + "Row", PerImage: false, Layout.RowStride / unit),
        ImageStride = new(prefix + "Image", PerImage: false, Batched ? Layout.ImageStride / unit : 0),
        IsIndexedByImage = true,
        StrideUnit = unit,
    };

    /// <summary>As one matrix for all images.</summary>
    public KernelOperand OfAllImages() => this with { ImageStride = null, IsIndexedByImage = false };

    /// <summary>The element at a row and a column, as C#. Indices may be any expression; "0" vanishes.</summary>
    /// <remarks>Images lie apart by a long: a batch may have more elements than an int can count.</remarks>
    public string At(string row, string column)
    {
        if (StrideUnit != 1)
            throw new InvalidOperationException($"The strides of {Name} are counted in units of {StrideUnit}.");
        var terms = new List<string>();
        if (IsIndexedByImage)
            terms.Add($"image * {ImageStrideText}");
        if (row != "0")
        {
            terms.Add(RowStride is { } stride
                ? $"{row} * {stride.Name}"
                : Layout.RowStride == 1 ? row : $"{row} * {SourceWriter.Literal(Layout.RowStride)}");
        }

        if (column != "0" || terms.Count == 0)
            terms.Add(column);
        return $"{Name}[{string.Join(" + ", terms)}]";
    }

    private string ImageStrideText => ImageStride is { } stride ? $"(long){stride.Name}"
        : RowCount is not null && (IsDenseInImages || !Batched) ? $"({RowsText} * {SourceWriter.Literal(Layout.RowStride)}L)"
        : $"{SourceWriter.Literal(Layout.ImageStride)}L";

    /// <summary>Whether every row of it can be read some floats at a time.</summary>
    public bool IsAlignedBy(int floats) =>
        IsAligned && Columns % floats == 0 && Layout.RowStride % floats == 0 && Layout.ImageStride % floats == 0;

    /// <summary>The same memory counted in units of one or four floats; of four, as a view of its own.</summary>
    public KernelOperand InUnits(int floats) => floats == 1 ? this : this with
    {
        Name = $"{Name}Fours",
        Layout = Layout with
        {
            Columns = Columns / floats,
            RowStride = Layout.RowStride / floats,
            ImageStride = Layout.ImageStride / floats,
        },
        IsAligned = false,
        StrideUnit = RowStride is null ? 1 : StrideUnit / floats,
    };

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
            return Rows == 1 && RowCount is null ? "0L" : $"{row} * {rowStride}L";
        if (Rows == 1)
            return $"{row} * {imageStride}L";
        return IsDenseInImages
            ? $"{row} * {rowStride}L"
            : $"{row} / {Rows} * {imageStride}L + {row} % {Rows} * {rowStride}";
    }

    /// <summary>An element of a matrix, the rows of all images counted as those of one matrix.</summary>
    public string AtFlat(string row, string column) => $"{Name}[{RowOffset(row)} + {column}]";
}
