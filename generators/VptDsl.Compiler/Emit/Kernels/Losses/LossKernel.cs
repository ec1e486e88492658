using VptDsl.Compiler.Planning;

namespace VptDsl.Compiler.Emit.Kernels;

/// <summary>Cross-entropy: a line of threads for each image.</summary>
internal static class LossKernel
{
    public static Kernel CrossEntropy(Call call, string name, KernelOptions options)
    {
        var operands = new CallOperands(call);
        KernelOperand logits = operands.In(0), labels = operands.In(1), weights = operands.In(2), softening = operands.In(3);
        KernelOperand losses = operands.Out(0);
        var groups = new RowGroups(logits, options);
        return groups.Kernel(name, KernelFamilies.Summary(call), operands.All, reductions: 3, writer =>
        {
            groups.WriteIndices(writer, "maxima", "totals", "sums");
            WriteMax(writer, groups, logits);
            writer.Line($"int smoothed = (int){softening.At("3")};");
            writer.Line("float total = 0, sum = 0;");
            using (writer.Block(groups.Columns))
            {
                writer.Line($"total += XMath.Exp({logits.At("column")} - max);");
                writer.Line($"sum += column < smoothed ? {logits.At("column")} - max : 0f;");
            }

            groups.WriteSums(writer, ("totals", "total"), ("sums", "sum"));
            writer.Line();
            using (writer.Block(groups.IsFirst))
            {
                writer.Line($"float smoothing = {softening.At("2")}, share = {softening.At("1")};");
                writer.Line($"float score = {logits.At($"(int){labels.At("0")}")} - max;");
                writer.Line($"score = share > 0 ? score + share * ({logits.At($"(int){softening.At("0")}")} - max - score) : score;");
                writer.Line("score = smoothing > 0 ? score + smoothing * (sum / smoothed - score) : score;");
                writer.Line($"{losses.At("0")} = {weights.At("0")} * (XMath.Log(total) - score);");
            }
        });
    }

    /// <remarks>Both constants are floats: a comparison that ILGPU converts to one is 0 in its OpenCL.</remarks>
    public static Kernel CrossEntropyGradient(Call call, string name, KernelOptions options)
    {
        var operands = new CallOperands(call);
        KernelOperand logits = operands.In(0), labels = operands.In(1), weights = operands.In(2), softening = operands.In(3);
        KernelOperand dLogits = operands.Out(0);
        var groups = new RowGroups(logits, options);
        return groups.Kernel(name, KernelFamilies.Summary(call), operands.All, reductions: 2, writer =>
        {
            groups.WriteIndices(writer, "maxima", "totals");
            WriteMax(writer, groups, logits);
            writer.Line("float total = 0;");
            writer.Line(groups.Columns).Indented($"total += XMath.Exp({logits.At("column")} - max);");
            groups.WriteSums(writer, ("totals", "total"));
            writer.Line();
            writer.Line($"int label = (int){labels.At("0")}, other = (int){softening.At("0")}, smoothed = (int){softening.At("3")};");
            writer.Line($"float share = {softening.At("1")}, smoothing = {softening.At("2")};");
            writer.Line("float each = smoothing > 0 ? smoothing / smoothed : 0f;");
            writer.Line($"float scale = {weights.At("0")} / batch;");
            using (writer.Block(groups.Columns))
            {
                writer.Line("float target = (column == label ? 1f - share : 0f) + (column == other ? share : 0f);");
                writer.Line("target = target * (1f - smoothing) + (column < smoothed ? each : 0f);");
                writer.Line($"{dLogits.At("column")} = (XMath.Exp({logits.At("column")} - max) / total - target) * scale;");
            }
        });
    }

    /// <remarks>
    /// Exponentials of differences to the largest logit cannot overflow. The largest may pass over a NaN; their sum does not.
    /// </remarks>
    private static void WriteMax(SourceWriter writer, RowGroups groups, KernelOperand logits)
    {
        writer.Line("float max = float.NegativeInfinity;");
        writer.Line(groups.Columns).Indented($"max = XMath.Max(max, {logits.At("column")});");
        groups.WriteMax(writer, "maxima", "max");
        writer.Line();
    }
}
