using VptDsl.Compiler.Graph.Operations;
using VptDsl.Compiler.Planning;

namespace VptDsl.Compiler.Emit.Kernels;

/// <summary>Depth-wise convolutions: a thread for each element of the result.</summary>
internal static class DepthwiseKernel
{
    public static Kernel Forward(DepthwiseConvolution convolution, Call call, string name) =>
        OverMap(call, name, convolution.Size, convolution.Kernel, turned: false);

    public static Kernel InputGradient(DepthwiseInputGradient gradient, Call call, string name) =>
        OverMap(call, name, gradient.Size, gradient.Kernel, turned: true);

    /// <summary>Each thread sums over the images, and over the pixels of each.</summary>
    public static Kernel WeightGradient(DepthwiseWeightGradient gradient, Call call, string name)
    {
        var operands = new CallOperands(call);
        KernelOperand dy = operands.In(0), map = operands.In(1), dWeight = operands.Out(0);
        int size = gradient.Size, kernel = gradient.Kernel, reach = kernel / 2;
        var indices = ThreadIndices.Elements(dWeight);
        return new(name, KernelFamilies.Summary(call), operands.All, indices.Threads, writer =>
        {
            string tap = indices.Variables[0], column = indices.Variables[1];
            indices.Write(writer);
            writer.Line($"int downwards = {tap} / {kernel} - {reach}, across = {tap} % {kernel} - {reach};");
            writer.Line("float total = 0;");
            if (dy.Batched)
            {
                using (writer.Block("for (int image = 0; image < batch; image++)"))
                    SumPixels();
            }
            else
            {
                SumPixels();
            }

            writer.Line($"{dWeight.At(tap, column)} = total;");

            void SumPixels()
            {
                writer.Line("float ofImage = 0;");
                string pixel = $"(y * {size} + x)", other = $"((y + downwards) * {size} + x + across)";
                using (writer.Block($"for (int y = XMath.Max(0, -downwards); y < XMath.Min({size}, {size} - downwards); y++)"))
                using (writer.Block($"for (int x = XMath.Max(0, -across); x < XMath.Min({size}, {size} - across); x++)"))
                    writer.Line($"ofImage += {dy.At(pixel, column)} * {map.At(other, column)};");
                writer.Line("total += ofImage;");
            }
        });
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
