using VptDsl.Compiler.Planning;

namespace VptDsl.Compiler.Emit.Kernels;

/// <summary>Sums over images and rows, each by one thread in a fixed order: the result does not depend on the device's scheduling.</summary>
internal static class ReductionKernel
{
    /// <summary>A thread for each element of the sum.</summary>
    public static Kernel SumImages(Call call, string name)
    {
        var operands = new CallOperands(call);
        KernelOperand x = operands.In(0), sum = operands.Out(0);
        var indices = ThreadIndices.Elements(sum);
        return new(name, KernelFamilies.Summary(call), operands.All, indices.Threads, writer =>
        {
            string row = indices.Variables[0], column = indices.Variables[1];
            indices.Write(writer);
            writer.Line("float total = 0;");
            writer.Line("for (int image = 0; image < batch; image++)");
            writer.Indented($"total += {x.At(row, column)};");
            writer.Line($"{sum.At(row, column)} = total;");
        });
    }

    /// <summary>A thread for each column.</summary>
    public static Kernel SumRows(Call call, string name)
    {
        var operands = new CallOperands(call);
        KernelOperand x = operands.In(0), sum = operands.Out(0);
        var indices = ThreadIndices.Columns(sum);
        return new(name, KernelFamilies.Summary(call), operands.All, indices.Threads, writer =>
        {
            string column = indices.Variables[0];
            indices.Write(writer);
            WriteSums(writer, x, ("total", x.At(x.Rows == 1 ? "0" : "row", column)));
            writer.Line($"{sum.At(column)} = total;");
        });
    }

    /// <summary>Writes sums over all rows of all images, as sums of each image's sums: those lose fewer digits than one long sum.</summary>
    public static void WriteSums(SourceWriter writer, KernelOperand rows, params (string Name, string Term)[] sums)
    {
        foreach (var sum in sums)
            writer.Line($"float {sum.Name} = 0;");
        if (!rows.Batched)
        {
            WriteRowLoop(writer, rows, sums);
            return;
        }

        using (writer.Block("for (int image = 0; image < batch; image++)"))
        {
            var ofImage = sums.Select(s => ($"{s.Name}OfImage", s.Term)).ToArray();
            foreach (var sum in ofImage)
                writer.Line($"float {sum.Item1} = 0;");
            WriteRowLoop(writer, rows, ofImage);
            foreach (var sum in sums)
                writer.Line($"{sum.Name} += {sum.Name}OfImage;");
        }
    }

    private static void WriteRowLoop(SourceWriter writer, KernelOperand rows, (string Name, string Term)[] sums)
    {
        using (writer.Block($"for (int row = 0; row < {rows.Rows}; row++)"))
        {
            foreach (var sum in sums)
                writer.Line($"{sum.Name} += {sum.Term};");
        }
    }
}
