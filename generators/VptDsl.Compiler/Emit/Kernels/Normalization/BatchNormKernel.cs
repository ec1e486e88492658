using VptDsl.Compiler.Planning;

namespace VptDsl.Compiler.Emit.Kernels;

/// <summary>Batch normalisation by frozen statistics, folded into a convolution: a thread for each element of the result.</summary>
internal static class BatchNormKernel
{
    public static Kernel Weight(double epsilon, Call call, string name) => ElementwiseKernel.Map(call, name, (operands, row, column) =>
        $"{operands.In(0).At(row, column)} * {operands.In(1).At(row)} / {Deviation(operands.In(2), row, epsilon)}");

    public static Kernel WeightGradient(double epsilon, Call call, string name)
    {
        var operands = new CallOperands(call);
        KernelOperand dFolded = operands.In(0), weight = operands.In(1), variance = operands.In(2), dGamma = operands.Out(0);
        var indices = ThreadIndices.Columns(dGamma);
        return new(name, KernelFamilies.Summary(call), operands.All, indices.Threads, writer =>
        {
            string output = indices.Variables[0];
            indices.Write(writer);
            writer.Line("float total = 0;");
            writer.Line($"for (int k = 0; k < {weight.Columns}; k++)");
            writer.Indented($"total += {dFolded.At(output, "k")} * {weight.At(output, "k")};");
            writer.Line($"{dGamma.At(output)} = total / {Deviation(variance, output, epsilon)};");
        });
    }

    public static Kernel Bias(double epsilon, Call call, string name) => ElementwiseKernel.Map(call, name, (operands, _, column) =>
        $"{operands.In(1).At(column)} - {operands.In(2).At(column)} * {operands.In(0).At(column)} / "
            + $"{Deviation(operands.In(3), column, epsilon)}");

    public static Kernel Quotient(double epsilon, Call call, string name) => ElementwiseKernel.Map(call, name, (operands, _, column) =>
        $"{operands.In(0).At(column)} / {Deviation(operands.In(1), column, epsilon)}");

    public static Kernel BiasGradient(double epsilon, Call call, string name) => ElementwiseKernel.Map(call, name, (operands, _, column) =>
        $"-{operands.In(0).At(column)} * {operands.In(1).At(column)} / {Deviation(operands.In(2), column, epsilon)}");

    private static string Deviation(KernelOperand variance, string channel, double epsilon) =>
        $"XMath.Sqrt({variance.At(channel)} + {SourceWriter.Literal(epsilon)})";
}
