using VptDsl.Compiler.Graph.Operations;
using VptDsl.Compiler.Planning;

namespace VptDsl.Compiler.Emit.Kernels;

/// <summary>Means over groups of rows and their gradient: a thread for each element of the result.</summary>
internal static class GroupKernel
{
    public static Kernel Mean(MeanOfGroups mean, Call call, string name)
    {
        var operands = new CallOperands(call);
        KernelOperand x = operands.In(0), result = operands.Out(0);
        var indices = ThreadIndices.Elements(result);
        return new(name, KernelFamilies.Summary(call), operands.All, indices.Threads, writer =>
        {
            string row = indices.Variables[0], column = indices.Variables[1];
            indices.Write(writer);
            writer.Line("float total = 0;");
            writer.Line($"for (int source = {row}; source < {x.Rows}; source += {result.Rows})");
            writer.Indented($"total += {x.At("source", column)};");
            writer.Line($"{result.At(row, column)} = total * {SourceWriter.Literal(1.0 / mean.Groups)};");
        });
    }

    public static Kernel Spread(SpreadToGroups spread, Call call, string name)
    {
        var operands = new CallOperands(call);
        KernelOperand mean = operands.In(0), result = operands.Out(0);
        var indices = ThreadIndices.Elements(result);
        return new(name, KernelFamilies.Summary(call), operands.All, indices.Threads, writer =>
        {
            string row = indices.Variables[0], column = indices.Variables[1];
            indices.Write(writer);
            string source = mean.Rows == 1 ? "0" : $"({row} % {mean.Rows})";
            writer.Line($"{result.At(row, column)} = {mean.At(source, column)} * {SourceWriter.Literal(1.0 / spread.Groups)};");
        });
    }
}
