using VptDsl.Compiler.Planning;

namespace VptDsl.Compiler.Emit.Kernels;

/// <summary>Cross-entropy: a thread for each image.</summary>
internal static class LossKernel
{
    public static Kernel CrossEntropy(Call call, string name)
    {
        var operands = new CallOperands(call);
        KernelOperand logits = operands.In(0), labels = operands.In(1), weights = operands.In(2), losses = operands.Out(0);
        return Create(call, name, writer =>
        {
            WriteSoftmaxSum(writer, logits);
            writer.Line($"{losses.At("0")} = {weights.At("0")} * (XMath.Log(total) - ({logits.At(Label(labels))} - max));");
        });
    }

    public static Kernel CrossEntropyGradient(Call call, string name)
    {
        var operands = new CallOperands(call);
        KernelOperand logits = operands.In(0), labels = operands.In(1), weights = operands.In(2), dLogits = operands.Out(0);
        return Create(call, name, writer =>
        {
            WriteSoftmaxSum(writer, logits);
            writer.Line($"float scale = {weights.At("0")} / batch;");
            writer.Line($"for (int column = 0; column < {logits.Columns}; column++)");
            writer.Indented($"{dLogits.At("column")} = XMath.Exp({logits.At("column")} - max) / total * scale;");
            writer.Line($"{dLogits.At(Label(labels))} -= scale;");
        });
    }

    private static Kernel Create(Call call, string name, Action<SourceWriter> writeBody)
    {
        var operands = new CallOperands(call);
        var indices = ThreadIndices.Rows(operands.In(0));
        return new(name, KernelFamilies.Summary(call), operands.All, indices.Threads, writer =>
        {
            indices.Write(writer);
            writeBody(writer);
        });
    }

    /// <remarks>Exponentials of differences to the largest logit cannot overflow; a NaN stays one.</remarks>
    private static void WriteSoftmaxSum(SourceWriter writer, KernelOperand logits)
    {
        writer.Line($"float max = {logits.At("0")};");
        writer.Line($"for (int column = 1; column < {logits.Columns}; column++)");
        writer.Indented($"max = XMath.Max(max, {logits.At("column")});");
        writer.Line("float total = 0;");
        writer.Line($"for (int column = 0; column < {logits.Columns}; column++)");
        writer.Indented($"total += XMath.Exp({logits.At("column")} - max);");
    }

    private static string Label(KernelOperand labels) => $"(int){labels.At("0")}";
}
