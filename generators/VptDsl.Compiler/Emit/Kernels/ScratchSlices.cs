namespace VptDsl.Compiler.Emit.Kernels;

/// <summary>
/// Sums that groups have in slices of scratch memory: those of each operand one behind the other, and a kernel that adds them up in order.
/// </summary>
internal static class ScratchSlices
{
    /// <summary>The group's slice of an operand's sums.</summary>
    /// <param name="operand">The operand.</param>
    /// <param name="number">Which of the kernel's it is.</param>
    public static KernelOperand Operand(KernelOperand operand, int number) =>
        new($"slice{number}", new(Batched: false, operand.Rows, operand.Columns, 0, operand.Columns))
        {
            IsAligned = operand.Layout.Shape.Count % 4 == 0,
            RowCount = operand.RowCount,
        };

    /// <summary>Declares the slice of the groups at a place along z.</summary>
    /// <param name="writer">Writes the kernel.</param>
    /// <param name="slice">What <see cref="Operand"/> made.</param>
    /// <param name="first">How many slices there are before the operand's first.</param>
    public static void Declare(SourceWriter writer, KernelOperand slice, int first)
    {
        string elements = $"{slice.RowsText} * {slice.Columns}L";
        string place = first == 0 ? "Grid.IdxZ" : $"({first} + Grid.IdxZ)";
        writer.Line($"ArrayView<float> {slice.Name} = scratch.SubView({place} * ({elements}), {elements});");
    }

    /// <summary>The kernel that adds up slices.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="operands">What is summed, all of the same shape.</param>
    /// <param name="most">Slices that there is memory for.</param>
    /// <param name="slices">Slices that there are, as C#.</param>
    public static Kernel Sum(string name, IReadOnlyList<KernelOperand> operands, int most, string slices)
    {
        KernelOperand first = operands[0];
        return new Kernel(
            name, $"{KernelOperand.Text(operands)}: adds up the slices.", operands,
            new ThreadCount(PerImage: false, first.Layout.Shape.Count), writer =>
            {
                writer.Line($"int row = index / {first.Columns}, column = index % {first.Columns}, slices = {slices};");
                for (int i = 0; i < operands.Count; i++)
                {
                    writer.Line($"float sum{i} = 0;");
                    writer.Line("for (int slice = 0; slice < slices; slice++)");
                    writer.Indented($"sum{i} += scratch[(slice + {i * most}) * ({first.RowsText} * {first.Columns}L) + index];");
                    writer.Line($"{operands[i].At("row", "column")} = sum{i};");
                }
            })
        {
            Sizes = KernelSize.Of(operands),
        };
    }
}
