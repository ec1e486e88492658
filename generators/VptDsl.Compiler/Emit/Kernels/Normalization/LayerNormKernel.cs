using VptDsl.Compiler.Graph.Operations;
using VptDsl.Compiler.Planning;

namespace VptDsl.Compiler.Emit.Kernels;

/// <summary>Layer normalisation: a line of threads for each row, and sums down columns for the parameters' gradients.</summary>
internal static class LayerNormKernel
{
    /// <remarks>The variance is that around the mean, and not a difference of squares: large means would cancel its digits.</remarks>
    public static Kernel Forward(LayerNorm norm, Call call, string name, KernelOptions options)
    {
        var operands = new CallOperands(call);
        KernelOperand x = operands.In(0), gamma = operands.In(1), beta = operands.In(2), y = operands.Out(0);
        var groups = new RowGroups(x, options);
        return groups.Kernel(name, KernelFamilies.Summary(call), operands.All, reductions: 2, writer =>
        {
            string row = groups.WriteIndices(writer, "means", "variances");
            writer.Line("float mean = 0;");
            writer.Line(groups.Columns).Indented($"mean += {x.At(row, "column")};");
            groups.WriteSums(writer, ("means", "mean"));
            writer.Line($"mean /= {x.Columns};");
            writer.Line();
            writer.Line("float variance = 0;");
            using (writer.Block(groups.Columns))
            {
                writer.Line($"float difference = {x.At(row, "column")} - mean;");
                writer.Line("variance += difference * difference;");
            }

            groups.WriteSums(writer, ("variances", "variance"));
            writer.Line($"variance /= {x.Columns};");
            writer.Line();
            writer.Line($"float scale = 1 / XMath.Sqrt(variance + {SourceWriter.Literal(norm.Epsilon)});");
            writer.Line(groups.Columns);
            writer.Indented(
                $"{y.At(row, "column")} = ({x.At(row, "column")} - mean) * scale * {gamma.At("column")} + {beta.At("column")};");
            if (operands.Wanted(1) is not { } statistics)
                return;
            using (writer.Block(groups.IsFirst))
            {
                writer.Line($"{statistics.At(row, "0")} = mean;");
                writer.Line($"{statistics.At(row, "1")} = scale;");
            }
        });
    }

    /// <remarks>
    /// A thread reads an element of dy and of the residual for the last time before it writes dx there, and no other thread reads it: they
    /// may share memory.
    /// </remarks>
    public static Kernel InputGradient(LayerNormGradient gradient, Call call, string name, KernelOptions options)
    {
        var operands = new CallOperands(call);
        KernelOperand dy = operands.In(0), x = operands.In(1), statistics = operands.In(2), gamma = operands.In(3), dx = operands.Out(0);
        var groups = new RowGroups(x, options);
        return groups.Kernel(name, KernelFamilies.Summary(call), operands.All, reductions: 2, writer =>
        {
            string row = groups.WriteIndices(writer, "averages", "projections");
            string normalized = $"({x.At(row, "column")} - mean) * scale", scaled = $"{dy.At(row, "column")} * {gamma.At("column")}";
            writer.Line($"float mean = {statistics.At(row, "0")}, scale = {statistics.At(row, "1")};");
            writer.Line("float average = 0, projection = 0;");
            using (writer.Block(groups.Columns))
            {
                writer.Line($"float scaled = {scaled};");
                writer.Line("average += scaled;");
                writer.Line($"projection += scaled * ({normalized});");
            }

            groups.WriteSums(writer, ("averages", "average"), ("projections", "projection"));
            writer.Line($"average /= {x.Columns};");
            writer.Line($"projection /= {x.Columns};");
            writer.Line();
            using (writer.Block(groups.Columns))
            {
                string residual = gradient.Residual ? $" + {operands.In(4).At(row, "column")}" : "";
                writer.Line($"float normalized = {normalized};");
                writer.Line($"{dx.At(row, "column")} = ({scaled} - average - normalized * projection) * scale{residual};");
            }
        });
    }

    public static IReadOnlyList<Kernel> ParameterGradient(Call call, string name, KernelOptions options)
    {
        var operands = new CallOperands(call);
        KernelOperand dy = operands.In(0), x = operands.In(1), statistics = operands.In(2);
        (string Name, string Term, KernelOperand? Target)[] sums =
        [
            (
                "gamma",
                $"{ColumnSums.At(dy)} * (({ColumnSums.At(x)} - {statistics.AtFlat("row", "0")}) * {statistics.AtFlat("row", "1")})",
                operands.Wanted(0)),
            ("beta", ColumnSums.At(dy), operands.Wanted(1)),
        ];
        sums = [.. sums.Where(s => s.Target is not null)];
        return new ColumnSums(call, name, options)
        {
            Summed = operands.Inputs,
            Finished = [.. sums.Select(s => s.Target!)],
            Terms = ColumnSums.RowsOf(dy),
            Columns = dy.Columns,
            Sums = [.. sums.Select(s => (s.Name, s.Term))],
            Finish = writer =>
            {
                foreach ((string sum, _, KernelOperand? target) in sums)
                    writer.Line($"{target!.At("column")} = {sum};");
            },
        }.Kernels();
    }
}
