using VptDsl.Compiler.Graph.Operations;
using VptDsl.Compiler.Planning;

namespace VptDsl.Compiler.Emit.Kernels;

/// <summary>Layer normalisation: a line of threads for each row, and sums down columns for the parameters' gradients.</summary>
internal static class LayerNormKernel
{
    /// <remarks>The variance is that around the mean, and not a difference of squares: large means would cancel its digits.</remarks>
    public static Kernel Forward(LayerNorm norm, Call call, string name, KernelOptions options)
    {
        var operands = new CallOperands(call, options.Aligned);
        KernelOperand x = operands.In(0), gamma = operands.In(1), beta = operands.In(2), y = operands.Out(0);
        var share = new RowShare(x, [x, gamma, beta, y], options);
        RowGroups groups = share.Groups;
        return groups.Kernel(name, KernelFamilies.Summary(call), operands.All, reductions: 2, writer =>
        {
            string row = share.Row = groups.WriteIndices(writer, "means", "variances");
            share.Declare(writer, x, gamma, beta, y);
            share.Keep(writer, x);
            writer.Line("float mean = 0;");
            share.ForEach(writer, [x], at => $"mean += {at(x)};");
            groups.WriteSums(writer, ("means", "mean"));
            writer.Line($"mean /= {x.Columns};");
            writer.Line();
            writer.Line("float variance = 0;");
            share.ForEach(writer, [x], at => $"variance += ({at(x)} - mean) * ({at(x)} - mean);");
            groups.WriteSums(writer, ("variances", "variance"));
            writer.Line($"variance /= {x.Columns};");
            writer.Line();
            writer.Line($"float scale = 1 / XMath.Sqrt(variance + {SourceWriter.Literal(norm.Epsilon)});");
            share.Store(writer, y, [x, gamma, beta], at => $"({at(x)} - mean) * scale * {at(gamma)} + {at(beta)}");
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
        var operands = new CallOperands(call, options.Aligned);
        KernelOperand dy = operands.In(0), x = operands.In(1), statistics = operands.In(2), gamma = operands.In(3), dx = operands.Out(0);
        KernelOperand[] residual = gradient.Residual ? [operands.In(4)] : [];
        var share = new RowShare(x, [dy, x, gamma, dx, .. residual], options);
        RowGroups groups = share.Groups;
        return groups.Kernel(name, KernelFamilies.Summary(call), operands.All, reductions: 2, writer =>
        {
            string row = share.Row = groups.WriteIndices(writer, "averages", "projections");
            share.Declare(writer, [dy, x, gamma, dx, .. residual]);
            share.Keep(writer, dy, x, gamma);
            writer.Line($"float mean = {statistics.At(row, "0")}, scale = {statistics.At(row, "1")};");
            writer.Line("float average = 0, projection = 0;");
            share.ForEach(writer, [dy, x, gamma], at =>
                $"average += {at(dy)} * {at(gamma)}; projection += {at(dy)} * {at(gamma)} * (({at(x)} - mean) * scale);");
            groups.WriteSums(writer, ("averages", "average"), ("projections", "projection"));
            writer.Line($"average /= {x.Columns};");
            writer.Line($"projection /= {x.Columns};");
            writer.Line();
            share.Store(writer, dx, [dy, x, gamma, .. residual], at =>
                $"({at(dy)} * {at(gamma)} - average - ({at(x)} - mean) * scale * projection) * scale"
                    + string.Concat(residual.Select(r => $" + {at(r)}")));
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
