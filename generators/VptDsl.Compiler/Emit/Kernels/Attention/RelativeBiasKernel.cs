using VptDsl.Compiler.Graph.Operations;
using VptDsl.Compiler.Planning;

namespace VptDsl.Compiler.Emit.Kernels;

/// <summary>Biases by relative position: a thread for each element of the result.</summary>
internal static class RelativeBiasKernel
{
    public static Kernel Expand(ExpandRelativeBias expand, Call call, string name)
    {
        var operands = new CallOperands(call);
        KernelOperand table = operands.In(0), bias = operands.Out(0);
        RelativePositions positions = expand.Positions;
        int heads = table.Columns, width = positions.Width;
        var indices = ThreadIndices.Elements(bias);
        return new(name, KernelFamilies.Summary(call), operands.All, indices.Threads, writer =>
        {
            string row = indices.Variables[0], column = indices.Variables[1];
            indices.Write(writer);
            writer.Line($"int key = {column}{(heads == 1 ? "" : $" % {positions.Tokens}")};");
            writer.Line($"int query = {row}, position = -1;");
            writer.Line("if (query == 0 && key == 0)").Indented($"position = {positions.OfClass};");
            writer.Line($"else if (query == 0 && key >= {positions.FirstOfGrid})").Indented($"position = {positions.FromClass};");
            writer.Line($"else if (query >= {positions.FirstOfGrid} && key == 0)").Indented($"position = {positions.ToClass};");
            using (writer.Block($"else if (query >= {positions.FirstOfGrid} && key >= {positions.FirstOfGrid})"))
            {
                writer.Line($"int ofQuery = query - {positions.FirstOfGrid}, ofKey = key - {positions.FirstOfGrid};");
                writer.Line($"int down = ofQuery / {width} - ofKey / {width}, right = ofQuery % {width} - ofKey % {width};");
                writer.Line($"position = (down + {positions.Height - 1}) * {positions.OffsetsInRow} + right + {width - 1};");
            }

            string head = heads == 1 ? "0" : $"{column} / {positions.Tokens}";
            writer.Line($"{bias.At(row, column)} = position < 0 ? 0 : {table.At("position", head)};");
        });
    }

    public static Kernel Collect(ExpandRelativeBiasGradient collect, Call call, string name)
    {
        var operands = new CallOperands(call);
        KernelOperand dBias = operands.In(0), dTable = operands.Out(0);
        RelativePositions positions = collect.Positions;
        int first = positions.FirstOfGrid, width = positions.Width, height = positions.Height;
        var indices = ThreadIndices.Elements(dTable);
        return new(name, KernelFamilies.Summary(call), operands.All, indices.Threads, writer =>
        {
            string row = indices.Variables[0], column = indices.Variables[1];
            string At(string query, string key) => dBias.At(query, column == "0" ? key : $"{column} * {positions.Tokens} + {key}");
            indices.Write(writer);
            writer.Line("float total = 0;");
            using (writer.Block($"if ({row} < {positions.Offsets})"))
            {
                writer.Line($"int down = {row} / {positions.OffsetsInRow} - {height - 1};");
                writer.Line($"int right = {row} % {positions.OffsetsInRow} - {width - 1};");
                using (writer.Block($"for (int y = XMath.Max(0, down); y < XMath.Min({height}, {height} + down); y++)"))
                {
                    writer.Line($"for (int x = XMath.Max(0, right); x < XMath.Min({width}, {width} + right); x++)");
                    writer.Indented($"total += {At($"({first} + y * {width} + x)", $"{first} + (y - down) * {width} + x - right")};");
                }
            }

            WriteSum(positions.FromClass, At("0", "token"));
            WriteSum(positions.ToClass, At("token", "0"));
            writer.Line("else").Indented($"total = {At("0", "0")};");
            writer.Line($"{dTable.At(row, column)} = total;");

            void WriteSum(int position, string element)
            {
                using (writer.Block($"else if ({row} == {position})"))
                    writer.Line($"for (int token = {first}; token < {positions.Tokens}; token++)").Indented($"total += {element};");
            }
        });
    }
}
