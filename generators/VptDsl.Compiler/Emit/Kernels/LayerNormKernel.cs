using VptDsl.Compiler.Graph.Operations;
using VptDsl.Compiler.Planning;

namespace VptDsl.Compiler.Emit.Kernels;

/// <summary>Layer normalisation: a thread for each row, or for each column where rows are summed over.</summary>
internal static class LayerNormKernel
{
    public static Kernel Forward(LayerNorm norm, Call call, string name)
    {
        var operands = new CallOperands(call);
        KernelOperand x = operands.In(0), gamma = operands.In(1), beta = operands.In(2), y = operands.Out(0);
        var indices = ThreadIndices.Rows(x);
        return new(name, KernelFamilies.Summary(call), operands.All, indices.Threads, writer =>
        {
            string row = indices.Variables[0], columns = $"for (int column = 0; column < {x.Columns}; column++)";
            indices.Write(writer);
            writer.Line("float mean = 0;");
            writer.Line(columns).Indented($"mean += {x.At(row, "column")};");
            writer.Line($"mean /= {x.Columns};");
            writer.Line("float variance = 0;");
            using (writer.Block(columns))
            {
                writer.Line($"float difference = {x.At(row, "column")} - mean;");
                writer.Line("variance += difference * difference;");
            }

            writer.Line($"variance /= {x.Columns};");
            writer.Line($"float scale = 1 / XMath.Sqrt(variance + {SourceWriter.Literal(norm.Epsilon)});");
            if (operands.Wanted(1) is { } statistics)
            {
                writer.Line($"{statistics.At(row, "0")} = mean;");
                writer.Line($"{statistics.At(row, "1")} = scale;");
            }

            writer.Line(columns);
            writer.Indented($"{y.At(row, "column")} = ({x.At(row, "column")} - mean) * scale * {gamma.At("column")} + {beta.At("column")};");
        });
    }

    /// <remarks>A thread reads an element of dy and of the residual for the last time before it writes dx there: they may share memory.</remarks>
    public static Kernel InputGradient(LayerNormGradient gradient, Call call, string name)
    {
        var operands = new CallOperands(call);
        KernelOperand dy = operands.In(0), x = operands.In(1), statistics = operands.In(2), gamma = operands.In(3), dx = operands.Out(0);
        var indices = ThreadIndices.Rows(x);
        return new(name, KernelFamilies.Summary(call), operands.All, indices.Threads, writer =>
        {
            string row = indices.Variables[0], columns = $"for (int column = 0; column < {x.Columns}; column++)";
            string normalized = $"({x.At(row, "column")} - mean) * scale", scaled = $"{dy.At(row, "column")} * {gamma.At("column")}";
            indices.Write(writer);
            writer.Line($"float mean = {statistics.At(row, "0")};");
            writer.Line($"float scale = {statistics.At(row, "1")};");
            writer.Line("float average = 0, projection = 0;");
            using (writer.Block(columns))
            {
                writer.Line($"float scaled = {scaled};");
                writer.Line("average += scaled;");
                writer.Line($"projection += scaled * ({normalized});");
            }

            writer.Line($"average /= {x.Columns};");
            writer.Line($"projection /= {x.Columns};");
            using (writer.Block(columns))
            {
                string residual = gradient.Residual ? $" + {operands.In(4).At(row, "column")}" : "";
                writer.Line($"float normalized = {normalized};");
                writer.Line($"{dx.At(row, "column")} = ({scaled} - average - normalized * projection) * scale{residual};");
            }
        });
    }

    public static Kernel ParameterGradient(Call call, string name)
    {
        var operands = new CallOperands(call);
        KernelOperand dy = operands.In(0), x = operands.In(1), statistics = operands.In(2);
        KernelOperand? dGamma = operands.Wanted(0), dBeta = operands.Wanted(1);
        var indices = ThreadIndices.Columns(x);
        return new(name, KernelFamilies.Summary(call), operands.All, indices.Threads, writer =>
        {
            string column = indices.Variables[0], row = x.Rows == 1 ? "0" : "row";
            string normalized = $"({x.At(row, column)} - {statistics.At(row, "0")}) * {statistics.At(row, "1")}";
            var sums = new List<(string, string)>();
            if (dGamma is not null)
                sums.Add(("gamma", $"{dy.At(row, column)} * ({normalized})"));
            if (dBeta is not null)
                sums.Add(("beta", dy.At(row, column)));
            indices.Write(writer);
            ReductionKernel.WriteSums(writer, dy, [.. sums]);
            if (dGamma is not null)
                writer.Line($"{dGamma.At(column)} = gamma;");
            if (dBeta is not null)
                writer.Line($"{dBeta.At(column)} = beta;");
        });
    }
}
