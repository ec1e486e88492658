using VptDsl.Compiler.Graph.Operations;
using VptDsl.Compiler.Planning;

namespace VptDsl.Compiler.Emit.Kernels;

/// <summary>
/// What scales, shifts or moves channels: a thread for each element of the result, or a group for a tile that is transposed.
/// </summary>
internal static class ChannelKernel
{
    public static Kernel Scale(ScaleColumns scale, Call call, string name) => ElementwiseKernel.Map(call, name, (operands, row, column) =>
        $"{operands.In(0).At(row, column)} * {operands.In(1).At(column)}" + (scale.Residual ? $" + {operands.In(2).At(row, column)}" : ""));

    public static IReadOnlyList<Kernel> ScaleGradient(Call call, string name, KernelOptions options)
    {
        var operands = new CallOperands(call);
        return ReductionKernel.Of(
            call, name, options, $"{ColumnSums.At(operands.In(0))} * {ColumnSums.At(operands.In(1))}", operands.Out(0));
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

    /// <summary>Transposes tiles in shared memory, so that neighbouring threads read neighbours and write neighbours.</summary>
    public static Kernel Swap(SwapAxes swap, Call call, string name, KernelOptions options)
    {
        var operands = new CallOperands(call);
        KernelOperand x = operands.In(0), swapped = operands.Out(0);
        (int high, int wide) = TileOf(swap.First, swap.Second);

        // Rows of an odd length: the elements of a column lie in different banks.
        int pitch = wide | 1, threads = options.Reduction?.Threads ?? 256;
        int down = (swap.First + high - 1) / high, across = (swap.Second + wide - 1) / wide, block = swap.First * swap.Second;
        bool isWhole = swap.First % high == 0 && swap.Second % wide == 0;
        var groups = new GroupLaunch(
            threads,
            1,
            high * pitch,
            new(PerImage: false, (long)swap.Blocks * down * across, 1),
            GroupCount.One,
            x.Batched ? GroupCount.OnePerImage : GroupCount.One);
        return new(name, $"{KernelFamilies.Summary(call)} Tiles of {high} × {wide} for {threads} threads.", operands.All, groups, writer =>
        {
            writer.Line($"ArrayView<float> tile = SharedMemory.Allocate<float>({high * pitch}); // [{high}, {pitch}]");
            writer.Line($"int start = Grid.IdxX / {down * across} * {block}, part = Grid.IdxX % {down * across};");
            writer.Line($"int firstRow = part / {across} * {high}, firstColumn = part % {across} * {wide};");
            if (x.Batched)
                writer.Line("int image = Grid.IdxZ;");
            string source = Element(x, $"(firstRow + row) * {swap.Second} + firstColumn + column");
            string target = Element(swapped, $"(firstColumn + column) * {swap.First} + firstRow + row");
            ForEach($"i / {wide}", $"i % {wide}", $"tile[row * {pitch} + column] = {source};");
            writer.Line("Group.Barrier();");
            ForEach($"i % {high}", $"i / {high}", $"{target} = tile[row * {pitch} + column];");

            void ForEach(string row, string column, string move)
            {
                using (writer.Block($"for (int i = Group.IdxX; i < {high * wide}; i += {threads})"))
                {
                    writer.Line($"int row = {row}, column = {column};");
                    if (!isWhole)
                    {
                        writer.Line($"if (firstRow + row >= {swap.First} || firstColumn + column >= {swap.Second})");
                        writer.Indented("continue;");
                    }

                    writer.Line(move);
                }
            }
        });

        static string Element(KernelOperand operand, string place) => operand.Layout.RowStride == operand.Columns || operand.Rows == 1
            ? operand.At("0", $"start + {place}")
            : operand.At($"((start + {place}) / {operand.Columns})", $"(start + {place}) % {operand.Columns}");
    }

    /// <summary>Rows and columns of a tile of 1024 elements at most: where a matrix is narrow, its tile is long.</summary>
    private static (int Rows, int Columns) TileOf(int rows, int columns)
    {
        const int Side = 32;
        int narrow = Math.Min(Side, Math.Min(rows, columns)), most = Side * Side / narrow / Side * Side;
        return rows <= columns ? (narrow, Math.Min(columns, most)) : (Math.Min(rows, most), narrow);
    }
}
