namespace VptDsl.Compiler.Emit.Kernels;

/// <summary>A number that a kernel takes as a parameter, so that calls which differ in it alone share the kernel.</summary>
/// <param name="Name">The name of the parameter.</param>
/// <param name="PerImage">Whether <paramref name="Count"/> is what one image has; the parameter counts those of all images.</param>
/// <param name="Count">How many.</param>
internal sealed record KernelSize(string Name, bool PerImage, long Count)
{
    /// <summary>The number as an expression of a class that derives from the runtime's <c>IlgpuProgramDevice</c>.</summary>
    public string Argument => !PerImage ? SourceWriter.Literal(Count) : Count == 1 ? "Batch" : $"{SourceWriter.Literal(Count)} * Batch";

    /// <summary>The sizes of some matrices, each once.</summary>
    public static IReadOnlyList<KernelSize> Of(IEnumerable<KernelOperand> operands) =>
        [
            .. operands.SelectMany(operand => new[] { operand.RowCount, operand.RowStride, operand.ImageStride }).OfType<KernelSize>()
                .Distinct(),
        ];
}
