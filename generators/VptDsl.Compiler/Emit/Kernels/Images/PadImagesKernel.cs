using VptDsl.Compiler.Graph.Operations;
using VptDsl.Compiler.Planning;

namespace VptDsl.Compiler.Emit.Kernels;

/// <summary>Borders around images: a thread for each pixel of the result, and sums over the images for a border's gradient.</summary>
internal static class PadImagesKernel
{
    public static Kernel Forward(PadImages pad, Call call, string name)
    {
        var operands = new CallOperands(call);
        KernelOperand images = operands.In(0), topBottom = operands.In(1), leftRight = operands.In(2), padded = operands.Out(0);
        int pixels = pad.Pixels, height = pad.Size.Height, width = pad.Size.Width, rows = height + (2 * pixels);
        var indices = ThreadIndices.Elements(padded);
        return new(name, KernelFamilies.Summary(call), operands.All, indices.Threads, writer =>
        {
            string row = indices.Variables[0], column = indices.Variables[1];
            indices.Write(writer);
            writer.Line($"int channel = {row} / {rows};");
            writer.Line($"int y = {row} % {rows} - {pixels};");
            writer.Line($"int x = {column} - {pixels};");
            writer.Line("float value;");
            writer.Line($"if (y < 0 || y >= {height})");
            string line = $"(channel * {2 * pixels} + (y < 0 ? y + {pixels} : y - {height - pixels}))";
            writer.Indented($"value = {topBottom.At(line, column)};");
            writer.Line($"else if (x < 0 || x >= {width})");
            writer.Indented($"value = {leftRight.At($"(channel * {height} + y)", $"(x < 0 ? x + {pixels} : x - {width - pixels})")};");
            writer.Line("else");
            writer.Indented($"value = {images.At($"(channel * {height} + y)", "x")};");
            writer.Line($"{padded.At(row, column)} = value;");
        });
    }

    public static IReadOnlyList<Kernel> Gradients(PadImagesGradient pad, Call call, string name, KernelOptions options)
    {
        var operands = new CallOperands(call);
        int pixels = pad.Pixels, height = pad.Size.Height, width = pad.Size.Width, rows = height + (2 * pixels);
        var kernels = new List<Kernel>();
        if (operands.Wanted(0) is { } dImages)
            Add(dImages, "Images", (row, column) => ($"({row} / {height} * {rows} + {row} % {height} + {pixels})", $"{column} + {pixels}"));
        if (operands.Wanted(1) is { } dTopBottom)
        {
            Add(dTopBottom, "TopBottom", (row, column) =>
                ($"({row} / {2 * pixels} * {rows} + {row} % {2 * pixels} + ({row} % {2 * pixels} < {pixels} ? 0 : {height}))", column));
        }

        if (operands.Wanted(2) is { } dLeftRight)
        {
            Add(dLeftRight, "LeftRight", (row, column) =>
                ($"({row} / {height} * {rows} + {row} % {height} + {pixels})", $"{column} + ({column} < {pixels} ? 0 : {width})"));
        }

        return kernels;

        void Add(KernelOperand part, string suffix, Func<string, string, (string Row, string Column)> place)
        {
            KernelOperand dPadded = operands.In(0);
            string summary =
                $"{part.Name} {part.Layout.Shape} = its part of {dPadded.Name}{(part.Batched ? "" : ", summed over the images")}.";
            if (!part.Batched)
            {
                string rowOf = $"column / {part.Columns}", columnOf = $"column % {part.Columns}";
                (string summedRow, string summedColumn) = place(rowOf, columnOf);
                kernels.AddRange(new ColumnSums(summary, name + suffix, options)
                {
                    Summed = [dPadded],
                    Finished = [part],
                    Terms = new(PerImage: true, 1),
                    Columns = part.Rows * part.Columns,
                    Index = "image",
                    Sums = [("total", dPadded.At(summedRow, summedColumn))],
                    Finish = writer => writer.Line($"{part.At(rowOf, columnOf)} = total;"),
                }.Kernels());
                return;
            }

            var indices = ThreadIndices.Elements(part);
            kernels.Add(new(name + suffix, summary, [dPadded, part], indices.Threads, writer =>
            {
                string row = indices.Variables[0], column = indices.Variables[1];
                (string paddedRow, string paddedColumn) = place(row, column);
                indices.Write(writer);
                writer.Line($"{part.At(row, column)} = {dPadded.At(paddedRow, paddedColumn)};");
            }));
        }
    }
}
