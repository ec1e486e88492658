using VptDsl.Compiler.Planning;

namespace VptDsl.Compiler.Emit.Kernels;

/// <summary>Cross-entropy: a line of threads for each image.</summary>
internal static class LossKernel
{
    public static Kernel CrossEntropy(Call call, string name, KernelOptions options)
    {
        var operands = new CallOperands(call);
        KernelOperand logits = operands.In(0), labels = operands.In(1), weights = operands.In(2), losses = operands.Out(0);
        var groups = new RowGroups(logits, options);
        return groups.Kernel(name, KernelFamilies.Summary(call), operands.All, reductions: 2, writer =>
        {
            WriteSoftmaxSum(writer, groups, logits);
            writer.Line(groups.IsFirst);
            writer.Indented($"{losses.At("0")} = {weights.At("0")} * (XMath.Log(total) - ({logits.At($"(int){labels.At("0")}")} - max));");
        });
    }

    /// <remarks>Both constants are floats: a comparison that ILGPU converts to one is 0 in its OpenCL.</remarks>
    public static Kernel CrossEntropyGradient(Call call, string name, KernelOptions options)
    {
        var operands = new CallOperands(call);
        KernelOperand logits = operands.In(0), labels = operands.In(1), weights = operands.In(2), dLogits = operands.Out(0);
        var groups = new RowGroups(logits, options);
        return groups.Kernel(name, KernelFamilies.Summary(call), operands.All, reductions: 2, writer =>
        {
            WriteSoftmaxSum(writer, groups, logits);
            writer.Line($"int label = (int){labels.At("0")};");
            writer.Line($"float scale = {weights.At("0")} / batch;");
            writer.Line(groups.Columns);
            writer.Indented(
                $"{dLogits.At("column")} = (XMath.Exp({logits.At("column")} - max) / total - (column == label ? 1f : 0f)) * scale;");
        });
    }

    /// <remarks>
    /// Exponentials of differences to the largest logit cannot overflow. The largest may pass over a NaN; their sum does not.
    /// </remarks>
    private static void WriteSoftmaxSum(SourceWriter writer, RowGroups groups, KernelOperand logits)
    {
        groups.WriteIndices(writer, "maxima", "totals");
        writer.Line("float max = float.NegativeInfinity;");
        writer.Line(groups.Columns).Indented($"max = XMath.Max(max, {logits.At("column")});");
        groups.WriteMax(writer, "maxima", "max");
        writer.Line();
        writer.Line("float total = 0;");
        writer.Line(groups.Columns).Indented($"total += XMath.Exp({logits.At("column")} - max);");
        groups.WriteSums(writer, ("totals", "total"));
        writer.Line();
    }
}
