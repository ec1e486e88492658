using VptDsl.Compiler.Graph.Operations;
using VptDsl.Compiler.Planning;

namespace VptDsl.Compiler.Emit.Kernels;

/// <summary>
/// Attention in windows: a thread for each row of the result and head, with a running maximum; it finds its window itself.
/// </summary>
internal static class WindowAttentionKernel
{
    public static Kernel Create(WindowAttention attention, Call call, string name)
    {
        var operands = new CallOperands(call);
        KernelOperand query = operands.In(0), output = operands.Out(0);
        var indices = ThreadIndices.Heads(output, attention.Heads);
        string row = indices.Variables[0], headIndex = indices.Variables[1];
        var head = new HeadColumns(query, attention.Heads, headIndex);
        var pairs = new WindowPairs(attention.Grid);
        return new(name, KernelFamilies.Summary(call), operands.All, indices.Threads, writer =>
        {
            indices.Write(writer);
            if (attention.OfPrompts)
            {
                writer.Line($"int window = {row} / {query.Rows}, queryRow = {row} % {query.Rows};");
                pairs.WriteWindow(writer, "window");
            }
            else
            {
                writer.Line($"int queryRow = {row};");
                pairs.WritePlace(writer, row, "y", "x");
            }

            head.ForEach(writer, $"{output.At(row, head.Column)} = 0;");
            writer.Line("float max = float.NegativeInfinity, total = 0;");
            using (pairs.ForEachToken(writer, "keyRow", "keyY", "keyX"))
            {
                WriteScore(operands.In(1));
                if (!attention.OfPrompts)
                    pairs.WriteBias(writer, operands.In(3), headIndex);
                WriteWeight(operands.In(2));
            }

            if (attention.OverPrompts)
            {
                KernelOperand keys = operands.In(attention.PromptKey), values = operands.In(attention.PromptKey + 1);
                using (writer.Block($"for (int keyRow = 0; keyRow < {keys.Rows}; keyRow++)"))
                {
                    WriteScore(keys);
                    WriteWeight(values);
                }
            }

            head.ForEach(writer, $"{output.At(row, head.Column)} /= total;");
            if (operands.Wanted(1) is { } logSum)
                writer.Line($"{logSum.At(row, headIndex)} = max + XMath.Log(total);");

            void WriteScore(KernelOperand keys)
            {
                writer.Line("float score = 0;");
                head.ForEach(writer, $"score += {query.At("queryRow", head.Column)} * {keys.At("keyRow", head.Column)};");
                writer.Line($"score *= {head.Scale};");
            }

            void WriteWeight(KernelOperand values)
            {
                string element = output.At(row, head.Column);
                using (writer.Block("if (score > max)"))
                {
                    writer.Line("float shrink = XMath.Exp(max - score);");
                    head.ForEach(writer, $"{element} *= shrink;");
                    writer.Line("total *= shrink;");
                    writer.Line("max = score;");
                }

                writer.Line("float weight = XMath.Exp(score - max);");
                writer.Line("total += weight;");
                head.ForEach(writer, $"{element} += weight * {values.At("keyRow", head.Column)};");
            }
        });
    }
}
