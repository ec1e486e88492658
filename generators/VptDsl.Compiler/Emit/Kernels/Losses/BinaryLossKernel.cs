using VptDsl.Compiler.Planning;

namespace VptDsl.Compiler.Emit.Kernels;

/// <summary>Cross-entropy of each class by itself: a line of threads for each image.</summary>
internal static class BinaryLossKernel
{
    public static Kernel Forward(Call call, string name, KernelOptions options)
    {
        var operands = new CallOperands(call);
        KernelOperand logits = operands.In(0), labels = operands.In(1), weights = operands.In(2), losses = operands.Out(0);
        var groups = new RowGroups(logits, options);
        return groups.Kernel(name, KernelFamilies.Summary(call), operands.All, reductions: 1, writer =>
        {
            groups.WriteIndices(writer, "sums");
            writer.Line("float sum = 0;");
            using (writer.Block(groups.Columns))
            {
                writer.Line($"float x = {logits.At("column")};");
                writer.Line("float softplus = XMath.Max(x, 0f) + XMath.Log(1f + XMath.Exp(-XMath.Abs(x)));");
                writer.Line($"sum += softplus - x * {labels.At("column", "0")};");
            }

            groups.WriteSums(writer, ("sums", "sum"));
            writer.Line();
            writer.Line(groups.IsFirst).Indented($"{losses.At("0")} = {weights.At("0")} * sum;");
        });
    }

    /// <remarks>A thread reads its logit before it writes the gradient: they may share memory.</remarks>
    public static Kernel Gradient(Call call, string name)
    {
        var operands = new CallOperands(call);
        KernelOperand logits = operands.In(0), labels = operands.In(1), weights = operands.In(2);
        return ElementwiseKernel.Map(
            call, name,
            (_, row, column) =>
                $"(1f / (1f + XMath.Exp(-{logits.At(row, column)})) - {labels.At(column, "0")}) * ({weights.At("0")} / batch)");
    }
}
