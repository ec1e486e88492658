using VptDsl.Compiler.Graph.Operations;
using VptDsl.Compiler.Planning;

namespace VptDsl.Compiler.Emit.Kernels;

/// <summary>Bilinear enlargement and its gradient: a thread for each element of the result.</summary>
internal static class UpsampleKernel
{
    public static Kernel Forward(Upsample upsample, Call call, string name)
    {
        var operands = new CallOperands(call);
        KernelOperand map = operands.In(0), enlarged = operands.Out(0);
        int side = upsample.Size * upsample.Factor;
        var indices = ThreadIndices.Elements(enlarged);
        return new(name, KernelFamilies.Summary(call), operands.All, indices.Threads, writer =>
        {
            string row = indices.Variables[0], column = indices.Variables[1];
            indices.Write(writer);
            WriteSource(writer, upsample.Size, upsample.Factor, "y", $"{row} / {side}");
            WriteSource(writer, upsample.Size, upsample.Factor, "x", $"{row} % {side}");
            string At(string y, string x) => map.At($"({y} * {upsample.Size} + {x})", column);
            writer.Line($"float top = {At("y0", "x0")} * (1 - xPart) + {At("y0", "x1")} * xPart;");
            writer.Line($"float bottom = {At("y1", "x0")} * (1 - xPart) + {At("y1", "x1")} * xPart;");
            writer.Line($"{enlarged.At(row, column)} = top * (1 - yPart) + bottom * yPart;");
        });
    }

    /// <remarks>The enlarged pixels that read a pixel lie around it; those on the edge of that range have the weight 0.</remarks>
    public static Kernel Gradient(UpsampleGradient upsample, Call call, string name)
    {
        var operands = new CallOperands(call);
        KernelOperand dEnlarged = operands.In(0), dMap = operands.Out(0);
        int factor = upsample.Factor, side = upsample.Size * factor;
        var indices = ThreadIndices.Elements(dMap);
        return new(name, KernelFamilies.Summary(call), operands.All, indices.Threads, writer =>
        {
            string row = indices.Variables[0], column = indices.Variables[1];
            indices.Write(writer);
            writer.Line($"int mapY = {row} / {upsample.Size}, mapX = {row} % {upsample.Size};");
            WriteRange("Y");
            WriteRange("X");
            writer.Line("float total = 0;");
            using (writer.Block("for (int toY = firstY; toY < endY; toY++)"))
            {
                WriteSource(writer, upsample.Size, factor, "y", "toY");
                writer.Line("float yWeight = (y0 == mapY ? 1 - yPart : 0) + (y1 == mapY ? yPart : 0);");
                using (writer.Block("for (int toX = firstX; toX < endX; toX++)"))
                {
                    WriteSource(writer, upsample.Size, factor, "x", "toX");
                    writer.Line("float xWeight = (x0 == mapX ? 1 - xPart : 0) + (x1 == mapX ? xPart : 0);");
                    writer.Line($"total += yWeight * xWeight * {dEnlarged.At($"(toY * {side} + toX)", column)};");
                }
            }

            writer.Line($"{dMap.At(row, column)} = total;");

            void WriteRange(string axis)
            {
                writer.Line($"int first{axis} = XMath.Max(0, map{axis} * {factor} - {factor});");
                writer.Line($"int end{axis} = XMath.Min({side}, map{axis} * {factor} + {2 * factor});");
            }
        });
    }

    /// <summary>Declares the two pixels of the map that an enlarged one lies between, and how far it is on the way to the second.</summary>
    private static void WriteSource(SourceWriter writer, int size, int factor, string axis, string to)
    {
        writer.Line($"float {axis} = XMath.Max(0f, (({to}) + 0.5f) * {SourceWriter.Literal(1.0 / factor)} - 0.5f);");
        writer.Line($"int {axis}0 = (int){axis}, {axis}1 = XMath.Min({axis}0 + 1, {size - 1});");
        writer.Line($"float {axis}Part = {axis} - {axis}0;");
    }
}
