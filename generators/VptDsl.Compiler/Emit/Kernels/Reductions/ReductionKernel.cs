using VptDsl.Compiler.Planning;

namespace VptDsl.Compiler.Emit.Kernels;

/// <summary>Sums over images and rows, in a fixed order: the result does not depend on the device's scheduling.</summary>
internal static class ReductionKernel
{
    /// <summary>Sums down columns, where an image is a row and each element of it a column.</summary>
    public static IReadOnlyList<Kernel> SumImages(Call call, string name, KernelOptions options)
    {
        var operands = new CallOperands(call);
        KernelOperand x = operands.In(0), sum = operands.Out(0);
        return new ColumnSums(call, name, options)
        {
            Summed = operands.Inputs,
            Finished = [sum],
            Terms = new(PerImage: true, 1),
            Columns = x.Rows * x.Columns,
            Index = "image",
            Sums = [("total", Element(x))],
            Finish = writer => writer.Line($"{Element(sum)} = total;"),
        }.Kernels();

        static string Element(KernelOperand operand) => operand.Rows == 1 || operand.Layout.RowStride == operand.Columns
            ? operand.At("column")
            : operand.At($"column / {operand.Columns}", $"column % {operand.Columns}");
    }

    public static IReadOnlyList<Kernel> SumRows(Call call, string name, KernelOptions options)
    {
        var operands = new CallOperands(call);
        KernelOperand x = operands.In(0), sum = operands.Out(0);
        return Of(call, name, options, ColumnSums.At(x), sum);
    }

    /// <summary>Sums of each image's rows.</summary>
    public static IReadOnlyList<Kernel> MeanRows(Call call, string name, KernelOptions options)
    {
        var operands = new CallOperands(call);
        KernelOperand x = operands.In(0), mean = operands.Out(0);
        return new ColumnSums(call, name, options)
        {
            Summed = operands.Inputs,
            Finished = [mean],
            Terms = new(PerImage: false, x.Rows),
            Columns = x.Columns,
            IsPerImage = x.Batched,
            Sums = [("total", x.At("row", "column"))],
            Finish = writer => writer.Line($"{mean.At("column")} = total / {x.Rows};"),
        }.Kernels();
    }

    /// <summary>Sums of a term over all rows of all images.</summary>
    public static IReadOnlyList<Kernel> Of(Call call, string name, KernelOptions options, string term, KernelOperand sum)
    {
        var operands = new CallOperands(call);
        return new ColumnSums(call, name, options)
        {
            Summed = operands.Inputs,
            Finished = [sum],
            Terms = ColumnSums.RowsOf(operands.In(0)),
            Columns = sum.Columns,
            Sums = [("total", term)],
            Finish = writer => writer.Line($"{sum.At("column")} = total;"),
        }.Kernels();
    }
}
