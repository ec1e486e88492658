using VptDsl.Compiler.Graph.Operations;
using VptDsl.Compiler.Planning;

namespace VptDsl.Compiler.Emit.Kernels;

/// <summary>Attention: a thread for each query row and head, with a running maximum, so that no score is ever stored.</summary>
internal static class AttentionKernel
{
    public static Kernel Create(Attention attention, Call call, string name)
    {
        var operands = new CallOperands(call);
        KernelOperand query = operands.In(0), output = operands.Out(0);
        var indices = ThreadIndices.Heads(output, attention.Heads);
        var head = new HeadColumns(query, attention.Heads, indices.Variables[1]);
        return new(name, KernelFamilies.Summary(call), operands.All, indices.Threads, writer =>
        {
            string row = indices.Variables[0];
            indices.Write(writer);
            head.ForEach(writer, $"{output.At(row, head.Column)} = 0;");
            writer.Line("float max = float.NegativeInfinity, total = 0;");
            for (int i = 1; i < attention.Bias; i += 2)
            {
                string? bias = attention.Biased && i == 1 ? head.BiasAt(operands.In(attention.Bias), row, "token", operands.In(i)) : null;
                WriteSegment(writer, head, query, operands.In(i), operands.In(i + 1), output, row, bias);
            }

            head.ForEach(writer, $"{output.At(row, head.Column)} /= total;");
            if (operands.Wanted(1) is { } logSum)
                writer.Line($"{logSum.At(row, indices.Variables[1])} = max + XMath.Log(total);");
        });
    }

    private static void WriteSegment(
        SourceWriter writer, HeadColumns head, KernelOperand query, KernelOperand keys, KernelOperand values, KernelOperand output,
        string row, string? bias)
    {
        using (writer.Block($"for (int token = 0; token < {keys.Rows}; token++)"))
        {
            string element = output.At(row, head.Column);
            writer.Line("float score = 0;");
            head.ForEach(writer, $"score += {query.At(row, head.Column)} * {keys.At("token", head.Column)};");
            writer.Line(bias is null ? $"score *= {head.Scale};" : $"score = score * {head.Scale} + {bias};");
            using (writer.Block("if (score > max)"))
            {
                writer.Line("float shrink = XMath.Exp(max - score);");
                head.ForEach(writer, $"{element} *= shrink;");
                writer.Line("total *= shrink;");
                writer.Line("max = score;");
            }

            writer.Line("float weight = XMath.Exp(score - max);");
            writer.Line("total += weight;");
            head.ForEach(writer, $"{element} += weight * {values.At("token", head.Column)};");
        }
    }
}
