using VptDsl.Compiler.Graph.Operations;
using VptDsl.Compiler.Planning;

namespace VptDsl.Compiler.Emit.Kernels;

/// <summary>What scales, shifts or moves channels: a thread for each element of the result.</summary>
internal static class ChannelKernel
{
    public static Kernel Scale(ScaleColumns scale, Call call, string name) => ElementwiseKernel.Map(call, name, (operands, row, column) =>
        $"{operands.In(0).At(row, column)} * {operands.In(1).At(column)}" + (scale.Residual ? $" + {operands.In(2).At(row, column)}" : ""));

    public static IReadOnlyList<Kernel> ScaleGradient(Call call, string name, KernelOptions options)
    {
        var operands = new CallOperands(call);
        return ReductionKernel.Of(call, name, options, $"{ColumnSums.At(operands.In(0))} * {ColumnSums.At(operands.In(1))}", operands.Out(0));
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
