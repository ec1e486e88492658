namespace VptDsl.Compiler.Emit.Kernels;

/// <summary>Where rows begin in global memory, in bytes: what <see cref="KernelOperand.RowOffset"/> is in C#.</summary>
/// <param name="ptx">Writes the kernel.</param>
internal sealed class PtxRows(PtxWriter ptx)
{
    private readonly string _image = ptx.Word("image"), _ofImage = ptx.Word("ofImage"), _bytes = ptx.Long("bytes");

    /// <summary>Writes the offset of a row, those of all images counted as one matrix's.</summary>
    /// <param name="operand">The matrix.</param>
    /// <param name="row">The register of the row.</param>
    /// <param name="offset">The register of the offset.</param>
    public void WriteOffset(KernelOperand operand, string row, string offset)
    {
        if (StrideBytes(operand) is { } stride)
        {
            ptx.Line($"mul.wide.u32 {offset}, {row}, {Number(stride)};");
            return;
        }

        string rows = Number(operand.Rows);
        ptx.Line($"div.u32 {_image}, {row}, {rows}; mul.lo.u32 {_ofImage}, {_image}, {rows}; sub.u32 {_ofImage}, {row}, {_ofImage};");
        ptx.Line($"mul.wide.u32 {_bytes}, {_image}, {Number(operand.Layout.ImageStride * sizeof(float))}; "
            + $"mul.wide.u32 {offset}, {_ofImage}, {Number(operand.Layout.RowStride * sizeof(float))}; "
            + $"add.s64 {offset}, {offset}, {_bytes};");
    }

    /// <summary>Adds a number of floats to an address.</summary>
    /// <param name="address">The register of the address.</param>
    /// <param name="column">The register of the number.</param>
    public void WriteAddColumn(string address, string column) =>
        ptx.Line($"mul.wide.u32 {_bytes}, {column}, {sizeof(float)}; add.s64 {address}, {address}, {_bytes};");

    /// <summary>Bytes from row to row; null where images lie further apart than rows.</summary>
    public static long? StrideBytes(KernelOperand operand) => !operand.HasOneStride ? null
        : sizeof(float) * (operand.Batched && operand.Rows == 1 ? operand.Layout.ImageStride
            : operand.Rows == 1 && operand.RowCount is null ? 0
            : operand.Layout.RowStride);

    /// <summary>Whether every offset fits what the instructions take.</summary>
    public static bool Fits(KernelOperand operand) =>
        operand.Layout.RowStride <= int.MaxValue / sizeof(float) && operand.Layout.ImageStride <= int.MaxValue / sizeof(float);

    private static string Number(long value) => SourceWriter.Literal(value);
}
