using VptDsl.Compiler.Graph.Operations;
using VptDsl.Compiler.Planning;

namespace VptDsl.Compiler.Emit.Kernels;

/// <summary>
/// The gradients of attention without tiles: a kernel for the queries, a thread for each query row and head, and one for each segment, a
/// thread for each of its rows and heads. Weights are recomputed from the saved sums.
/// </summary>
/// <remarks>The gradient of an operand without a batch is summed over the images by its thread, in order.</remarks>
internal static class AttentionGradientKernel
{
    private const int FirstKey = 4;

    public static IReadOnlyList<Kernel> Create(AttentionGradient attention, Call call, string name)
    {
        var operands = new CallOperands(call);
        var kernels = new List<Kernel>();
        if (operands.Wanted(0) is { } dQuery)
            kernels.Add(ForQueries(attention, operands, dQuery, name + "Query"));
        for (int s = 0; s < attention.Segments; s++)
        {
            KernelOperand? dKeys = operands.Wanted(1 + (2 * s)), dValues = operands.Wanted(2 + (2 * s));
            if (dKeys is not null || dValues is not null)
                kernels.Add(ForSegment(attention, operands, s, dKeys, dValues, $"{name}Segment{s}"));
        }

        return kernels;
    }

    private static Kernel ForQueries(AttentionGradient attention, CallOperands operands, KernelOperand dQuery, string name)
    {
        KernelOperand dOutput = operands.In(0), output = operands.In(1), logSum = operands.In(2), query = operands.In(3);
        var indices = ThreadIndices.Heads(query, attention.Heads);
        string row = indices.Variables[0], headIndex = indices.Variables[1];
        var head = new HeadColumns(query, attention.Heads, headIndex);
        string summary = $"{dQuery.Name} {dQuery.Layout.Shape} = {query.Name}'s gradient from {dOutput.Name}.";
        return new(name, summary, [.. operands.Inputs, dQuery], indices.Threads, writer =>
        {
            indices.Write(writer);
            head.ForEach(writer, $"{dQuery.At(row, head.Column)} = 0;");
            ForEachImage(writer, output, query, () =>
            {
                writer.Line("float projection = 0;");
                head.ForEach(writer, $"projection += {dOutput.At(row, head.Column)} * {output.At(row, head.Column)};");
                for (int s = 0; s < attention.Segments; s++)
                {
                    KernelOperand keys = operands.In(FirstKey + (2 * s)), values = operands.In(FirstKey + (2 * s) + 1);
                    string bias = attention.Biased && s == 0 ? $" + {head.BiasAt(operands.In(attention.Bias), row, "token", keys)}" : "";
                    using (writer.Block($"for (int token = 0; token < {keys.Rows}; token++)"))
                    {
                        writer.Line("float score = 0, slope = 0;");
                        head.ForEach(
                            writer,
                            $"score += {query.At(row, head.Column)} * {keys.At("token", head.Column)};",
                            $"slope += {dOutput.At(row, head.Column)} * {values.At("token", head.Column)};");
                        writer.Line($"float weight = XMath.Exp(score * {head.Scale}{bias} - {logSum.At(row, headIndex)});");
                        writer.Line($"float dScore = weight * (slope - projection) * {head.Scale};");
                        head.ForEach(writer, $"{dQuery.At(row, head.Column)} += dScore * {keys.At("token", head.Column)};");
                    }
                }
            });
        });
    }

    private static Kernel ForSegment(
        AttentionGradient attention, CallOperands operands, int segment, KernelOperand? dKeys, KernelOperand? dValues, string name)
    {
        KernelOperand dOutput = operands.In(0), output = operands.In(1), logSum = operands.In(2), query = operands.In(3);
        KernelOperand keys = operands.In(FirstKey + (2 * segment)), values = operands.In(FirstKey + (2 * segment) + 1);
        var indices = ThreadIndices.Heads(keys, attention.Heads);
        string row = indices.Variables[0], headIndex = indices.Variables[1];
        var head = new HeadColumns(query, attention.Heads, headIndex);
        KernelOperand[] gradients = new[] { dKeys, dValues }.OfType<KernelOperand>().ToArray();
        KernelOperand? bias = attention.Biased && segment == 0 ? operands.In(attention.Bias) : null;
        KernelOperand[] inputs =
        [
            .. dKeys is null ? [dOutput, logSum, query, keys] : new[] { dOutput, output, logSum, query, keys, values },
            .. bias is null ? [] : new[] { bias },
        ];
        string targets = string.Join(", ", gradients.Select(g => $"{g.Name} {g.Layout.Shape}"));
        string summary = $"{targets} = the gradients of segment {segment} from {dOutput.Name}.";
        return new(name, summary, [.. inputs, .. gradients], indices.Threads, writer =>
        {
            indices.Write(writer);
            head.ForEach(writer, gradients.Select(g => $"{g.At(row, head.Column)} = 0;").ToArray());
            ForEachImage(writer, output, keys, () =>
            {
                using (writer.Block($"for (int token = 0; token < {query.Rows}; token++)"))
                {
                    string slope = dOutput.At("token", head.Column),
                        score = $"score += {query.At("token", head.Column)} * {keys.At(row, head.Column)};";
                    string added = bias is null ? "" : $" + {head.BiasAt(bias, "token", row, keys)}";
                    string weight = $"float weight = XMath.Exp(score * {head.Scale}{added} - {logSum.At("token", headIndex)});";
                    string addValue = dValues is null ? "" : $"{dValues.At(row, head.Column)} += weight * {slope};";
                    if (dKeys is null)
                    {
                        writer.Line("float score = 0;");
                        head.ForEach(writer, score);
                        writer.Line(weight);
                        head.ForEach(writer, addValue);
                        return;
                    }

                    writer.Line("float score = 0, slope = 0, projection = 0;");
                    head.ForEach(
                        writer,
                        score,
                        $"slope += {slope} * {values.At(row, head.Column)};",
                        $"projection += {slope} * {output.At("token", head.Column)};");
                    writer.Line(weight);
                    writer.Line($"float dScore = weight * (slope - projection) * {head.Scale};");
                    string addKey = $"{dKeys.At(row, head.Column)} += dScore * {query.At("token", head.Column)};";
                    head.ForEach(writer, dValues is null ? [addKey] : [addKey, addValue]);
                }
            });
        });
    }

    private static void ForEachImage(SourceWriter writer, KernelOperand output, KernelOperand differentiated, Action writeBody)
    {
        if (differentiated.Batched || !output.Batched)
        {
            writeBody();
            return;
        }

        using (writer.Block("for (int image = 0; image < batch; image++)"))
            writeBody();
    }
}
