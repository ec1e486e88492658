using VptDsl.Compiler.Graph.Operations;
using VptDsl.Compiler.Planning;

namespace VptDsl.Compiler.Emit.Kernels;

/// <summary>Blends by a gate, and their gradients.</summary>
internal static class BlendKernel
{
    public static Kernel Forward(Call call, string name) => ElementwiseKernel.Map(call, name, (operands, row, column) =>
        $"KernelMath.Blend({operands.In(0).At("0")}, {operands.In(1).At(row, column)}, {operands.In(2).At(row, column)})");

    public static Kernel Gated(Gated gated, Call call, string name) => ElementwiseKernel.Map(call, name, (operands, row, column) =>
        $"{operands.In(0).At(row, column)} * KernelMath.Logistic({(gated.Complement ? "-" : "")}{operands.In(1).At("0")})");

    /// <summary>A thread for each column sums over all rows of all images.</summary>
    public static Kernel Sums(Call call, string name)
    {
        var operands = new CallOperands(call);
        KernelOperand dy = operands.In(0), a = operands.In(1), b = operands.In(2), sums = operands.Out(0);
        var indices = ThreadIndices.Columns(sums);
        return new(name, KernelFamilies.Summary(call), operands.All, indices.Threads, writer =>
        {
            string column = indices.Variables[0], row = dy.Rows == 1 ? "0" : "row";
            indices.Write(writer);
            ReductionKernel.WriteSums(writer, dy, ("total", $"{dy.At(row, column)} * ({a.At(row, column)} - {b.At(row, column)})"));
            writer.Line($"{sums.At(column)} = total;");
        });
    }

    /// <summary>One thread sums over the columns.</summary>
    public static Kernel GateGradient(Call call, string name)
    {
        var operands = new CallOperands(call);
        KernelOperand sums = operands.In(0), gate = operands.In(1), dGate = operands.Out(0);
        var indices = ThreadIndices.Columns(dGate);
        return new(name, KernelFamilies.Summary(call), operands.All, indices.Threads, writer =>
        {
            writer.Line("float total = 0;");
            writer.Line($"for (int column = 0; column < {sums.Columns}; column++)");
            writer.Indented($"total += {sums.At("column")};");
            writer.Line($"{dGate.At("0")} = total * KernelMath.Logistic({gate.At("0")}) * KernelMath.Logistic(-{gate.At("0")});");
        });
    }
}
