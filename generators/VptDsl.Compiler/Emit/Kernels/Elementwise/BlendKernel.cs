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

    public static IReadOnlyList<Kernel> Sums(Call call, string name, KernelOptions options)
    {
        var operands = new CallOperands(call);
        KernelOperand dy = operands.In(0), a = operands.In(1), b = operands.In(2);
        string term = $"{ColumnSums.At(dy)} * ({ColumnSums.At(a, dy)} - {ColumnSums.At(b, dy)})";
        return ReductionKernel.Of(call, name, options, term, operands.Out(0));
    }

    /// <summary>A group sums over the columns.</summary>
    public static Kernel GateGradient(Call call, string name, KernelOptions options)
    {
        var operands = new CallOperands(call);
        KernelOperand sums = operands.In(0), gate = operands.In(1), dGate = operands.Out(0);
        var groups = new RowGroups(sums, options);
        return groups.Kernel(name, KernelFamilies.Summary(call), operands.All, reductions: 1, writer =>
        {
            string row = groups.WriteIndices(writer, "totals");
            writer.Line("float total = 0;");
            writer.Line(groups.Columns).Indented($"total += {sums.At(row, "column")};");
            groups.WriteSums(writer, ("totals", "total"));
            writer.Line(groups.IsFirst);
            writer.Indented($"{dGate.At("0")} = total * KernelMath.Logistic({gate.At("0")}) * KernelMath.Logistic(-{gate.At("0")});");
        });
    }
}
