using VptDsl.Compiler.Graph.Operations;
using VptDsl.Compiler.Planning;

namespace VptDsl.Compiler.Emit.Kernels;

/// <summary>
/// Batch normalisation as it is trained: a thread for each column where rows are summed over, else one for each element of the result.
/// </summary>
internal static class TrainedBatchNormKernel
{
    /// <summary>A kernel that measures, and one that normalises; the statistics go through scratch memory where nobody asks for them.</summary>
    public static IReadOnlyList<Kernel> Forward(BatchNorm norm, Call call, string name)
    {
        var operands = new CallOperands(call);
        KernelOperand x = operands.In(0), gamma = operands.In(1), beta = operands.In(2), y = operands.Out(0);
        KernelOperand? statistics = operands.Wanted(1), nextMean = operands.Wanted(2), nextVariance = operands.Wanted(3);
        ScratchSize? scratch = statistics is null ? new(PerImage: false, 2L * x.Columns) : null;
        KernelOperand[] measured = [x, operands.In(3), operands.In(4), .. new[] { statistics, nextMean, nextVariance }.OfType<KernelOperand>()];
        var columns = ThreadIndices.Columns(x);
        var elements = ThreadIndices.Elements(y);
        string Statistic(int row, string column) =>
            statistics?.At(row.ToString(), column) ?? (row == 0 ? $"scratch[{column}]" : $"scratch[{x.Columns} + {column}]");

        return
        [
            new(name + "Statistics", $"The mean and the variance of each column of {x.Name}; the running ones follow them.", measured, columns.Threads, writer =>
            {
                string column = columns.Variables[0], element = ElementOf(x, column);
                columns.Write(writer);
                writer.Line($"int count = {CountOf(x)};");
                ReductionKernel.WriteSums(writer, x, ("total", element));
                writer.Line("float mean = total / count;");
                ReductionKernel.WriteSums(writer, x, ("squares", $"({element} - mean) * ({element} - mean)"));
                writer.Line($"{Statistic(0, column)} = mean;");
                writer.Line($"{Statistic(1, column)} = squares / count;");
                string momentum = SourceWriter.Literal(norm.Momentum);
                if (nextMean is not null)
                    writer.Line($"{nextMean.At(column)} = {Moved(operands.In(3).At(column), "mean")};");
                if (nextVariance is not null)
                    writer.Line($"{nextVariance.At(column)} = count > 1 ? {Moved(operands.In(4).At(column), "squares / (count - 1)")} : {operands.In(4).At(column)};");

                string Moved(string running, string now) => $"{running} + {momentum} * ({now} - {running})";
            })
            {
                Scratch = scratch,
            },
            new(name, KernelFamilies.Summary(call), [x, gamma, beta, .. new[] { statistics }.OfType<KernelOperand>(), y], elements.Threads, writer =>
            {
                string row = elements.Variables[0], column = elements.Variables[1];
                elements.Write(writer);
                writer.Line($"float factor = {gamma.At(column)} / {Deviation(Statistic(1, column), norm.Epsilon)};");
                writer.Line($"{y.At(row, column)} = ({x.At(row, column)} - {Statistic(0, column)}) * factor + {beta.At(column)};");
            })
            {
                Scratch = scratch,
            },
        ];
    }

    public static Kernel ParameterGradient(BatchNormParameterGradient gradient, Call call, string name)
    {
        var operands = new CallOperands(call);
        KernelOperand dy = operands.In(0), x = operands.In(1), statistics = operands.In(2);
        KernelOperand? dGamma = operands.Wanted(0), dBeta = operands.Wanted(1);
        var indices = ThreadIndices.Columns(x);
        return new(name, KernelFamilies.Summary(call), operands.All, indices.Threads, writer =>
        {
            string column = indices.Variables[0];
            indices.Write(writer);
            writer.Line($"float mean = {statistics.At("0", column)};");
            ReductionKernel.WriteSums(
                writer, x, ("gamma", $"{ElementOf(dy, column)} * ({ElementOf(x, column)} - mean)"), ("beta", ElementOf(dy, column)));
            if (dGamma is not null)
                writer.Line($"{dGamma.At(column)} = gamma / {Deviation(statistics.At("1", column), gradient.Epsilon)};");
            if (dBeta is not null)
                writer.Line($"{dBeta.At(column)} = beta;");
        });
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
            writer.Line($"float rest = {dy.At(row, column)} - ({operands.In(5).At(column)} + normalized * {operands.In(4).At(column)}) / count;");
            writer.Line($"{dx.At(row, column)} = {gamma.At(column)} * scale * rest;");
        });
    }

    private static string ElementOf(KernelOperand operand, string column) => operand.At(operand.Rows == 1 ? "0" : "row", column);

    /// <summary>The number of rows of all images.</summary>
    private static string CountOf(KernelOperand x) => !x.Batched ? $"{x.Rows}" : x.Rows == 1 ? "batch" : $"batch * {x.Rows}";

    private static string Deviation(string variance, double epsilon) => $"XMath.Sqrt({variance} + {SourceWriter.Literal(epsilon)})";
}
