using VptDsl.Compiler.Graph.Operations;
using VptDsl.Compiler.Planning;

namespace VptDsl.Compiler.Emit.Kernels;

/// <summary>Batch normalisation as it is trained: sums down columns, and a thread for each element of the result.</summary>
internal static class TrainedBatchNormKernel
{
    /// <summary>
    /// Kernels that measure, and one that normalises; the statistics go through scratch memory where nobody asks for them.
    /// </summary>
    /// <remarks>The variance is that around the mean, so that it takes a second pass.</remarks>
    public static IReadOnlyList<Kernel> Forward(BatchNorm norm, Call call, string name, KernelOptions options)
    {
        var operands = new CallOperands(call);
        KernelOperand x = operands.In(0), gamma = operands.In(1), beta = operands.In(2), y = operands.Out(0);
        KernelOperand? statistics = operands.Wanted(1), nextMean = operands.Wanted(2), nextVariance = operands.Wanted(3);
        KernelOperand[] measured = [.. new[] { statistics }.OfType<KernelOperand>()];
        long scratchStart = statistics is null ? 2L * x.Columns : 0;
        var elements = ThreadIndices.Elements(y);
        string Statistic(int row, string column) =>
            statistics?.At(SourceWriter.Literal(row), column) ?? (row == 0 ? $"scratch[{column}]" : $"scratch[{x.Columns} + {column}]");
        string Moved(KernelOperand running, string now) =>
            $"{running.At("column")} + {SourceWriter.Literal(norm.Momentum)} * ({now} - {running.At("column")})";

        var means = new ColumnSums($"The mean of each column of {x.Name}.", name + "Mean", options)
        {
            Summed = [x],
            Finished = [.. measured, .. nextMean is null ? [] : new[] { operands.In(3), nextMean }],
            Terms = ColumnSums.RowsOf(x),
            Columns = x.Columns,
            Sums = [("total", ColumnSums.At(x))],
            ScratchStart = scratchStart,
            Finish = writer =>
            {
                writer.Line($"float mean = total / ({CountOf(x)});");
                writer.Line($"{Statistic(0, "column")} = mean;");
                if (nextMean is not null)
                    writer.Line($"{nextMean.At("column")} = {Moved(operands.In(3), "mean")};");
            },
        };
        var variances = new ColumnSums($"The variance of each column of {x.Name}.", name + "Variance", options)
        {
            Summed = [x, .. measured],
            Finished = [.. measured, .. nextVariance is null ? [] : new[] { operands.In(4), nextVariance }],
            Terms = ColumnSums.RowsOf(x),
            Columns = x.Columns,
            Prepare = writer => writer.Line($"float mean = {Statistic(0, "column")};"),
            Sums = [("square", $"({ColumnSums.At(x)} - mean) * ({ColumnSums.At(x)} - mean)")],
            ScratchStart = scratchStart,
            Finish = writer =>
            {
                writer.Line($"int count = {CountOf(x)};");
                writer.Line($"{Statistic(1, "column")} = square / count;");
                if (nextVariance is not null)
                {
                    writer.Line($"{nextVariance.At("column")} = count > 1 ? {Moved(operands.In(4), "square / (count - 1)")} : "
                        + $"{operands.In(4).At("column")};");
                }
            },
        };
        return
        [
            .. means.Kernels(),
            .. variances.Kernels(),
            new(name, KernelFamilies.Summary(call), [x, gamma, beta, .. measured, y], elements.Threads, writer =>
            {
                string row = elements.Variables[0], column = elements.Variables[1];
                elements.Write(writer);
                writer.Line($"float factor = {gamma.At(column)} / {Deviation(Statistic(1, column), norm.Epsilon)};");
                writer.Line($"{y.At(row, column)} = ({x.At(row, column)} - {Statistic(0, column)}) * factor + {beta.At(column)};");
            })
            {
                Scratch = statistics is null ? new(scratchStart, 0) : null,
            },
        ];
    }

    public static IReadOnlyList<Kernel> ParameterGradient(
        BatchNormParameterGradient gradient, Call call, string name, KernelOptions options)
    {
        var operands = new CallOperands(call);
        KernelOperand dy = operands.In(0), x = operands.In(1), statistics = operands.In(2);
        (string Name, string Term, KernelOperand? Target)[] sums =
        [
            ("gamma", $"{ColumnSums.At(dy)} * ({ColumnSums.At(x)} - mean)", operands.Wanted(0)),
            ("beta", ColumnSums.At(dy), operands.Wanted(1)),
        ];
        sums = [.. sums.Where(s => s.Target is not null)];
        return new ColumnSums(call, name, options)
        {
            Summed = operands.Inputs,
            Finished = [statistics, .. sums.Select(s => s.Target!)],
            Terms = ColumnSums.RowsOf(x),
            Columns = x.Columns,
            Prepare = writer => writer.Line($"float mean = {statistics.At("0", "column")};"),
            Sums = [.. sums.Select(s => (s.Name, s.Term))],
            Finish = writer =>
            {
                if (operands.Wanted(0) is { } dGamma)
                    writer.Line($"{dGamma.At("column")} = gamma / {Deviation(statistics.At("1", "column"), gradient.Epsilon)};");
                if (operands.Wanted(1) is { } dBeta)
                    writer.Line($"{dBeta.At("column")} = beta;");
            },
        }.Kernels();
    }

    /// <remarks>A thread reads its element of dy before it writes dx there: they may share memory.</remarks>
    public static Kernel InputGradient(BatchNormGradient gradient, Call call, string name)
    {
        var operands = new CallOperands(call);
        KernelOperand dy = operands.In(0), x = operands.In(1), statistics = operands.In(2), gamma = operands.In(3), dx = operands.Out(0);
        var indices = ThreadIndices.Elements(dx);
        return new(name, KernelFamilies.Summary(call), operands.All, indices.Threads, writer =>
        {
            string row = indices.Variables[0], column = indices.Variables[1];
            indices.Write(writer);
            writer.Line($"int count = {CountOf(x)};");
            writer.Line($"float scale = 1 / {Deviation(statistics.At("1", column), gradient.Epsilon)};");
            writer.Line($"float normalized = ({x.At(row, column)} - {statistics.At("0", column)}) * scale;");
            writer.Line(
                $"float rest = {dy.At(row, column)} - ({operands.In(5).At(column)} + normalized * {operands.In(4).At(column)}) / count;");
            writer.Line($"{dx.At(row, column)} = {gamma.At(column)} * scale * rest;");
        });
    }

    /// <summary>The number of rows of all images.</summary>
    private static string CountOf(KernelOperand x) => !x.Batched ? $"{x.Rows}" : x.Rows == 1 ? "batch" : $"batch * {x.Rows}";

    private static string Deviation(string variance, double epsilon) => $"XMath.Sqrt({variance} + {SourceWriter.Literal(epsilon)})";
}
