using VptDsl.Compiler.Graph.Operations;
using VptDsl.Compiler.Planning;

namespace VptDsl.Compiler.Emit.Kernels;

/// <summary>
/// The gradient of attention's bias without tiles: a thread for each query, head and key, which sums over the images, in order.
/// </summary>
internal static class AttentionBiasGradientKernel
{
    public static Kernel Create(AttentionBiasGradient attention, Call call, string name)
    {
        var operands = new CallOperands(call);
        KernelOperand dOutput = operands.In(0), output = operands.In(1), logSum = operands.In(2), query = operands.In(3);
        KernelOperand keys = operands.In(4), values = operands.In(5), bias = operands.In(6), dBias = operands.Out(0);
        var indices = ThreadIndices.Elements(dBias);
        string row = indices.Variables[0], column = indices.Variables[1], headIndex = attention.Heads == 1 ? "0" : "head";
        var head = new HeadColumns(query, attention.Heads, headIndex);
        return new(name, KernelFamilies.Summary(call), operands.All, indices.Threads, writer =>
        {
            indices.Write(writer);
            string token = keys.Rows == 1 ? "0" : "token";
            if (attention.Heads > 1)
                writer.Line($"int head = {column} / {keys.Rows};");
            if (keys.Rows > 1)
                writer.Line($"int token = {column} % {keys.Rows};");
            writer.Line("float total = 0;");
            using (writer.Block($"for (int image = 0; image < {(output.Batched ? "batch" : "1")}; image++)"))
            {
                string dElement = dOutput.At(row, head.Column);
                writer.Line("float score = 0, slope = 0, projection = 0;");
                head.ForEach(
                    writer,
                    $"score += {query.At(row, head.Column)} * {keys.At(token, head.Column)};",
                    $"slope += {dElement} * {values.At(token, head.Column)};",
                    $"projection += {dElement} * {output.At(row, head.Column)};");
                writer.Line($"float scaled = score * {head.Scale} + {bias.At(row, column)};");
                writer.Line($"total += XMath.Exp(scaled - {logSum.At(row, headIndex)}) * (slope - projection);");
            }

            writer.Line($"{dBias.At(row, column)} = total;");
        });
    }
}
