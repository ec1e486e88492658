using VptDsl.Compiler.Graph.Operations;
using VptDsl.Compiler.Planning;

namespace VptDsl.Compiler.Emit.Kernels;

/// <summary>Patches over maps of pixels: a thread for each element of the result, which gathers what it needs in a fixed order.</summary>
internal static class ConvolutionKernel
{
    public static Kernel Extract(ExtractSlidingPatches extract, Call call, string name)
    {
        SlidingPatch grid = extract.Grid;
        return Create(call, name, (writer, operands, row, column) =>
        {
            KernelOperand map = operands.In(0);
            string tap = map.Columns == 1 ? column : $"({column} / {map.Columns})",
                channel = map.Columns == 1 ? "0" : $"{column} % {map.Columns}";
            writer.Line($"int y = {row} / {grid.Side} * {grid.Stride} + {tap} / {grid.Kernel} - {grid.Padding};");
            writer.Line($"int x = {row} % {grid.Side} * {grid.Stride} + {tap} % {grid.Kernel} - {grid.Padding};");
            writer.Line("float value = 0;");
            writer.Line($"if (y >= 0 && y < {grid.Size} && x >= 0 && x < {grid.Size})");
            writer.Indented($"value = {map.At($"(y * {grid.Size} + x)", channel)};");
        });
    }

    /// <summary>A convolution without tiles, for comparison.</summary>
    public static Kernel Product(SlidingProduct product, Call call, string name)
    {
        SlidingPatch grid = product.Grid;
        var operands = new CallOperands(call);
        KernelOperand map = operands.In(0), weight = operands.In(1), c = operands.Out(0);
        var finish = new ProductFinish(product, operands, name, columns: 1);
        return new(name, KernelFamilies.Summary(call), operands.All, new ThreadCount(c.Batched, c.Layout.Shape.Count), writer =>
        {
            writer.Line($"int row = index / {c.Columns}, column = index % {c.Columns};");
            writer.Line($"int image = row / {grid.Patches}, patch = row % {grid.Patches};");
            writer.Line($"int top = patch / {grid.Side} * {grid.Stride} - {grid.Padding};");
            writer.Line($"int left = patch % {grid.Side} * {grid.Stride} - {grid.Padding};");
            writer.Line("float value = 0;");
            using (writer.Block($"for (int line = XMath.Max(0, -top); line < XMath.Min({grid.Kernel}, {grid.Size} - top); line++)"))
            {
                using (writer.Block($"for (int tap = XMath.Max(0, -left); tap < XMath.Min({grid.Kernel}, {grid.Size} - left); tap++)"))
                {
                    string pixel = $"((top + line) * {grid.Size} + left + tap)";
                    writer.Line($"for (int k = 0; k < {map.Columns}; k++)");
                    writer.Indented(
                        $"value += {map.At(pixel, "k")} * {weight.At("column", $"(line * {grid.Kernel} + tap) * {map.Columns} + k")};");
                }
            }

            writer.Line(finish.Call("row", "column", "value"));
        })
        {
            WriteFunctions = finish.Write,
        };
    }

    public static Kernel Flip(FlippedWeight flipped, Call call, string name) => ElementwiseKernel.Map(call, name, (operands, row, column) =>
    {
        KernelOperand weight = operands.In(0);
        string tap = $"({flipped.Taps - 1} - {column} / {weight.Rows})";
        return weight.At($"{column} % {weight.Rows}", $"({tap} * {weight.Columns / flipped.Taps} + {row})");
    });

    public static Kernel Fold(FoldSlidingPatches fold, Call call, string name)
    {
        SlidingPatch grid = fold.Grid;
        return Create(call, name, (writer, operands, row, column) =>
        {
            KernelOperand patches = operands.In(0);
            int channels = patches.Columns / grid.Taps;
            writer.Line("float value = 0;");
            string patch = $"(patchY / {grid.Stride} * {grid.Side} + patchX / {grid.Stride})";
            string element = patches.At(patch, $"(line * {grid.Kernel} + tap) * {channels} + {column}");
            ForEachPatch(writer, grid, row, () => writer.Line($"value += {element};"));
        });
    }

    public static Kernel MaxPool(MaxPool pool, Call call, string name)
    {
        SlidingPatch grid = pool.Grid;
        return Create(call, name, (writer, operands, row, column) =>
        {
            KernelOperand map = operands.In(0);
            writer.Line($"int y = {row} / {grid.Side} * {grid.Stride} - {grid.Padding};");
            writer.Line($"int x = {row} % {grid.Side} * {grid.Stride} - {grid.Padding};");
            writer.Line("float value = float.NegativeInfinity;");
            using (writer.Block($"for (int line = 0; line < {grid.Kernel}; line++)"))
            using (writer.Block($"for (int tap = 0; tap < {grid.Kernel}; tap++)"))
            using (writer.Block($"if (y + line >= 0 && y + line < {grid.Size} && x + tap >= 0 && x + tap < {grid.Size})"))
                writer.Line($"value = XMath.Max(value, {map.At($"((y + line) * {grid.Size} + x + tap)", column)});");
        });
    }

    /// <remarks>An element gets a patch's gradient if it is the largest, and none of those before it in the patch is.</remarks>
    public static Kernel MaxPoolGradient(MaxPoolGradient pool, Call call, string name)
    {
        SlidingPatch grid = pool.Grid;
        return Create(call, name, (writer, operands, row, column) =>
        {
            KernelOperand dy = operands.In(0), map = operands.In(1), y = operands.In(2);
            string patch = $"(patchY / {grid.Stride} * {grid.Side} + patchX / {grid.Stride})";
            writer.Line($"float own = {map.At(row, column)};");
            writer.Line("float value = 0;");
            ForEachPatch(writer, grid, row, () =>
            {
                writer.Line($"bool isFirst = own == {y.At(patch, column)};");
                using (writer.Block($"for (int before = 0; before < line * {grid.Kernel} + tap; before++)"))
                {
                    writer.Line($"int otherY = patchY - {grid.Padding} + before / {grid.Kernel};");
                    writer.Line($"int otherX = patchX - {grid.Padding} + before % {grid.Kernel};");
                    writer.Line($"if (otherY >= 0 && otherX >= 0 && otherX < {grid.Size} && "
                        + $"{map.At($"(otherY * {grid.Size} + otherX)", column)} == own)");
                    writer.Indented("isFirst = false;");
                }

                writer.Line("if (isFirst)");
                writer.Indented($"value += {dy.At(patch, column)};");
            });
        });
    }

    private static Kernel Create(Call call, string name, Action<SourceWriter, CallOperands, string, string> writeValue)
    {
        var operands = new CallOperands(call);
        KernelOperand result = operands.Out(0);
        var indices = ThreadIndices.Elements(result);
        return new(name, KernelFamilies.Summary(call), operands.All, indices.Threads, writer =>
        {
            string row = indices.Variables[0], column = indices.Variables[1];
            indices.Write(writer);
            writeValue(writer, operands, row, column);
            writer.Line($"{result.At(row, column)} = value;");
        });
    }

    /// <summary>
    /// Writes a loop over the patches that hold a pixel: of each its first pixel, counted from the padding, and the pixel's place in it.
    /// </summary>
    private static void ForEachPatch(SourceWriter writer, SlidingPatch grid, string row, Action body)
    {
        writer.Line($"int pixelY = {row} / {grid.Size} + {grid.Padding}, pixelX = {row} % {grid.Size} + {grid.Padding};");
        using (writer.Block($"for (int line = 0; line < {grid.Kernel}; line++)"))
        {
            using (writer.Block($"for (int tap = 0; tap < {grid.Kernel}; tap++)"))
            {
                writer.Line("int patchY = pixelY - line, patchX = pixelX - tap;");
                string beginsThere = grid.Stride == 1 ? "" : $" && patchY % {grid.Stride} == 0 && patchX % {grid.Stride} == 0";
                int end = grid.Side * grid.Stride;
                using (writer.Block($"if (patchY >= 0 && patchX >= 0 && patchY < {end} && patchX < {end}{beginsThere})"))
                    body();
            }
        }
    }
}
