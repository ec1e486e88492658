using VptDsl.Compiler.Planning;

namespace VptDsl.Compiler.Emit.Kernels;

/// <summary>A GPU kernel to be emitted: what each of its threads does.</summary>
/// <param name="Name">Its method's name.</param>
/// <param name="Summary">What it computes, in a line.</param>
/// <param name="Operands">Its matrices, in the order of its parameters.</param>
/// <param name="Threads">How many threads run it.</param>
/// <param name="WriteBody">Writes the body of its method, in which <c>index</c> is the thread and <c>batch</c> the number of images.</param>
internal sealed record Kernel(
    string Name,
    string Summary,
    IReadOnlyList<KernelOperand> Operands,
    ThreadCount Threads,
    Action<SourceWriter> WriteBody);

/// <summary>How many threads a kernel has: a constant, or one for each image of the batch.</summary>
/// <param name="PerImage">Whether <paramref name="Count"/> counts those of one image.</param>
/// <param name="Count">How many.</param>
internal sealed record ThreadCount(bool PerImage, long Count);

/// <summary>A matrix that a kernel reads or writes.</summary>
/// <param name="Name">The name of its parameter.</param>
/// <param name="Layout">How it lies in memory.</param>
internal sealed record KernelOperand(string Name, Layout Layout)
{
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

    /// <summary>The element of a matrix that is one row.</summary>
    public string At(string column) => At("0", column);
}
