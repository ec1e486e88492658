using VptDsl.Compiler.Graph.Operations;
using VptDsl.Compiler.Planning;

namespace VptDsl.Compiler.Emit.Kernels;

/// <summary>
/// Depth-wise convolutions: a thread for each element of a map, of whom neighbours have neighbouring channels, and sums for weights.
/// </summary>
internal static class DepthwiseKernel
{
    /// <summary>Sums that a thread has at most.</summary>
    private const int MostTogether = 16;

    public static Kernel Forward(DepthwiseConvolution convolution, Call call, string name) =>
        OverMap(call, name, convolution.Size, convolution.Kernel, turned: false);

    public static Kernel InputGradient(DepthwiseInputGradient gradient, Call call, string name) =>
        OverMap(call, name, gradient.Size, gradient.Kernel, turned: true);

    /// <summary>
    /// Sums over the pixels of all images, of the weights of a line of the patch together: they multiply the same slope.
    /// </summary>
    public static IReadOnlyList<Kernel> WeightGradient(DepthwiseWeightGradient gradient, Call call, string name, KernelOptions options)
    {
        var operands = new CallOperands(call);
        KernelOperand dy = operands.In(0), map = operands.In(1), dWeight = operands.Out(0);
        int size = gradient.Size, kernel = gradient.Kernel, reach = kernel / 2, channels = dWeight.Columns;
        int together = kernel <= MostTogether ? kernel : 1;
        string times = together == 1 ? "" : $" * {together}", tap = "tap" + times, firstTap = $"column / {channels}{times}";
        string Plus(int i) => i == 0 ? "" : $" + {i}";
        return new ColumnSums(call, name, options)
        {
            Summed = operands.Inputs,
            Finished = [dWeight],
            Terms = ColumnSums.RowsOf(dy),
            Columns = kernel * kernel / together * channels,
            Prepare = writer =>
            {
                writer.Line($"int tap = column / {channels}, channel = column % {channels};");
                writer.Line($"int downwards = {tap} / {kernel} - {reach}, across = {tap} % {kernel} - {reach};");
            },
            PrepareTerms = writer =>
            {
                writer.Line($"int y = row % {size * size} / {size} + downwards, x = row % {size} + across;");
                writer.Line($"if (y < 0 || y >= {size})");
                writer.Indented("continue;");
                writer.Line($"float slope = {dy.AtFlat("row", "channel")};");
            },
            Sums =
            [
                .. Enumerable.Range(0, together).Select(i =>
                    ($"tap{i}", $"x >= {-i} && x < {size - i} ? slope * "
                        + $"{map.AtFlat($"(row + downwards * {size} + across{Plus(i)})", "channel")} : 0")),
            ],
            Finish = writer =>
            {
                for (int i = 0; i < together; i++)
                    writer.Line($"{dWeight.At($"({firstTap}{Plus(i)})", $"column % {channels}")} = tap{i};");
            },
        }.Kernels();
    }

    private static Kernel OverMap(Call call, string name, int size, int kernel, bool turned)
    {
        var operands = new CallOperands(call);
        KernelOperand map = operands.In(0), weight = operands.In(1), result = operands.Out(0);
        int reach = kernel / 2;
        var indices = ThreadIndices.Elements(result);
        return new(name, KernelFamilies.Summary(call), operands.All, indices.Threads, writer =>
        {
            string row = indices.Variables[0], column = indices.Variables[1];
            string tap = turned ? $"({(kernel * kernel) - 1} - line * {kernel} - tap)" : $"(line * {kernel} + tap)";
            indices.Write(writer);
            writer.Line($"int top = {row} / {size} - {reach}, left = {row} % {size} - {reach};");
            writer.Line($"float value = {(turned ? "0" : operands.In(2).At(column))};");
            using (writer.Block($"for (int line = XMath.Max(0, -top); line < XMath.Min({kernel}, {size} - top); line++)"))
            {
                writer.Line($"for (int tap = XMath.Max(0, -left); tap < XMath.Min({kernel}, {size} - left); tap++)");
                writer.Indented($"value += {map.At($"((top + line) * {size} + left + tap)", column)} * {weight.At(tap, column)};");
            }

            writer.Line($"{result.At(row, column)} = value;");
        });
    }
}
