using VptDsl.Compiler.Graph.Operations;
using VptDsl.Compiler.Planning;

namespace VptDsl.Compiler.Emit.Kernels;

/// <summary>What scales, shifts or moves channels: a thread for each element of the result.</summary>
internal static class ChannelKernel
{
    public static Kernel Scale(ScaleColumns scale, Call call, string name) => ElementwiseKernel.Map(call, name, (operands, row, column) =>
        $"{operands.In(0).At(row, column)} * {operands.In(1).At(column)}" + (scale.Residual ? $" + {operands.In(2).At(row, column)}" : ""));

    /// <summary>A thread for each column sums over all rows of all images.</summary>
    public static Kernel ScaleGradient(Call call, string name)
    {
        var operands = new CallOperands(call);
        KernelOperand dy = operands.In(0), x = operands.In(1), dGamma = operands.Out(0);
        var indices = ThreadIndices.Columns(dGamma);
        return new(name, KernelFamilies.Summary(call), operands.All, indices.Threads, writer =>
        {
            string column = indices.Variables[0], row = x.Rows == 1 ? "0" : "row";
            indices.Write(writer);
            ReductionKernel.WriteSums(writer, x, ("total", $"{dy.At(row, column)} * {x.At(row, column)}"));
            writer.Line($"{dGamma.At(column)} = total;");
        });
    }

    public static Kernel Affine(AffineChannels affine, Call call, string name)
    {
        var operands = new CallOperands(call);
        KernelOperand x = operands.In(0), y = operands.Out(0);
        var indices = ThreadIndices.Elements(y);
        return new(name, KernelFamilies.Summary(call), operands.All, indices.Threads, writer =>
        {
            string row = indices.Variables[0], column = indices.Variables[1], channel = $"{row} / {x.Rows / affine.Scales.Count}";
            indices.Write(writer);
            writer.Line($"float scale = {Choose(affine.Scales)}, shift = {Choose(affine.Shifts)};");
            writer.Line($"{y.At(row, column)} = {x.At(row, column)} * scale + shift;");

            string Choose(IReadOnlyList<double> numbers) => string.Concat(numbers.Select((number, i) =>
                i == numbers.Count - 1 ? SourceWriter.Literal(number) : $"{channel} == {i} ? {SourceWriter.Literal(number)} : "));
        });
    }

    public static Kernel Swap(SwapAxes swap, Call call, string name)
    {
        var operands = new CallOperands(call);
        KernelOperand x = operands.In(0), swapped = operands.Out(0);
        var indices = ThreadIndices.Elements(swapped);
        return new(name, KernelFamilies.Summary(call), operands.All, indices.Threads, writer =>
        {
            string row = indices.Variables[0], column = indices.Variables[1];
            int block = swap.First * swap.Second;
            indices.Write(writer);
            writer.Line($"int place = {row} * {swapped.Columns} + {column};");
            writer.Line($"int source = place / {block} * {block} + place % {swap.First} * {swap.Second} + place % {block} / {swap.First};");
            writer.Line($"{swapped.At(row, column)} = {x.At($"(source / {x.Columns})", $"source % {x.Columns}")};");
        });
    }
}
