using VptDsl.Compiler.Graph.Operations;
using VptDsl.Compiler.Planning;

namespace VptDsl.Compiler.Emit.Kernels;

/// <summary>Joins neighbouring tokens of a grid, and parts them: a thread for each element of the tokens of the grid.</summary>
internal static class NeighbourKernel
{
    public static Kernel Merge(MergeNeighbours merge, Call call, string name)
    {
        var operands = new CallOperands(call);
        return Move(merge.Side, call, name, operands, operands.In(0), operands.Out(0), split: false);
    }

    public static Kernel Split(SplitNeighbours split, Call call, string name)
    {
        var operands = new CallOperands(call);
        return Move(split.Side, call, name, operands, operands.Out(0), operands.In(0), split: true);
    }

    private static Kernel Move(
        int side, Call call, string name, CallOperands operands, KernelOperand tokens, KernelOperand merged, bool split)
    {
        var indices = ThreadIndices.Elements(tokens);
        return new(name, KernelFamilies.Summary(call), operands.All, indices.Threads, writer =>
        {
            string row = indices.Variables[0], column = indices.Variables[1];
            indices.Write(writer);
            writer.Line($"int across = {row} % {side}, down = {row} / {side};");
            writer.Line($"int mergedRow = down / 2 * {side / 2} + across / 2;");
            writer.Line($"int mergedColumn = (across % 2 * 2 + down % 2) * {tokens.Columns} + {column};");
            string token = tokens.At(row, column), part = merged.At("mergedRow", "mergedColumn");
            writer.Line(split ? $"{token} = {part};" : $"{part} = {token};");
        });
    }
}
