using VptDsl.Compiler.Graph.Operations;
using VptDsl.Compiler.Planning;

namespace VptDsl.Compiler.Emit.Kernels;

/// <summary>Maps: a thread for each element of the result, which reads no other element of an operand that may share its memory.</summary>
internal static class ElementwiseKernel
{
    public static Kernel Add(Call call, string name) =>
        Map(call, name, (operands, row, column) => $"{operands.In(0).At(row, column)} + {operands.In(1).At(row, column)}");

    public static Kernel Multiply(Call call, string name) =>
        Map(call, name, (operands, row, column) => $"{operands.In(0).At(row, column)} * {operands.In(1).At(row, column)}");

    /// <summary>A copy, to every image where the operand has no batch.</summary>
    public static Kernel Copy(Call call, string name) =>
        Map(call, name, (operands, row, column) => operands.In(0).At(row, column));

    public static Kernel PackPairs(Call call, string name) => Map(call, name, (operands, row, column) =>
    {
        (string first, string second) = column == "0" ? ("0", "1") : ($"2 * {column}", $"2 * {column} + 1");
        return $"KernelMath.PackPair({operands.In(0).At(row, first)}, {operands.In(0).At(row, second)})";
    });

    public static Kernel UnpackPairs(Call call, string name) => Map(call, name, (operands, row, column) =>
        $"KernelMath.UnpackPair({operands.In(0).At(row, operands.In(0).Columns == 1 ? "0" : $"{column} / 2")}, {column} % 2)");

    public static Kernel Activate(Activate activate, Call call, string name) =>
        Map(call, name, (operands, row, column) => ActivationText.Value(activate, operands.In(0).At(row, column)));

    public static Kernel ActivationGradient(ActivationGradient gradient, Call call, string name) =>
        Map(call, name, (operands, row, column) =>
            ActivationText.Gradient(gradient, operands.In(0).At(row, column), operands.In(1).At(row, column)));

    /// <summary>The result has a batch, so that the map's body has an <c>image</c>.</summary>
    public static Kernel Dropout(Dropout dropout, Call call, string name) => Map(call, name, (operands, row, column) =>
    {
        KernelOperand x = operands.In(0), noise = operands.In(1);
        string element = row == "0" ? column : $"{row} * {x.Columns} + {column}";
        return $"KernelMath.Stays({noise.At("0")}, {noise.At("1")}, image, {element}, {dropout.Threshold}) ? "
            + $"{x.At(row, column)} * {SourceWriter.Literal(dropout.Scale)} : 0";
    });

    /// <summary>Rows among zeros.</summary>
    public static Kernel PadRows(PadRows pad, Call call, string name) =>
        RowsInto(call, name, pad.Start, partInput: 0, (_, _, _) => "0");

    /// <summary>Rows added to some of those of a matrix.</summary>
    public static Kernel AddRows(AddRows rows, Call call, string name) =>
        RowsInto(call, name, rows.Start, partInput: 1, (operands, row, column) => operands.In(0).At(row, column));

    public static Kernel Map(Call call, string name, Func<CallOperands, string, string, string> value)
    {
        var operands = new CallOperands(call);
        KernelOperand result = operands.Out(0);
        var indices = ThreadIndices.Elements(result);
        return new(name, KernelFamilies.Summary(call), operands.All, indices.Threads, writer =>
        {
            string row = indices.Variables[0], column = indices.Variables[1];
            indices.Write(writer);
            writer.Line($"{result.At(row, column)} = {value(operands, row, column)};");
        });
    }

    private static Kernel RowsInto(Call call, string name, int start, int partInput, Func<CallOperands, string, string, string> elsewhere)
    {
        var operands = new CallOperands(call);
        KernelOperand result = operands.Out(0), part = operands.In(partInput);
        var indices = ThreadIndices.Elements(result);
        return new(name, KernelFamilies.Summary(call), operands.All, indices.Threads, writer =>
        {
            string row = indices.Variables[0], column = indices.Variables[1];
            indices.Write(writer);
            writer.Line($"float value = {elsewhere(operands, row, column)};");
            string partRow = part.Rows == 1 ? "0" : start == 0 ? row : $"({row} - {start})";
            string add = $"value += {part.At(partRow, column)};";
            if (part.Rows == result.Rows)
                writer.Line(add);
            else
                writer.Line($"if ({Inside(row, start, part.Rows, result.Rows)})").Indented(add);
            writer.Line($"{result.At(row, column)} = value;");
        });
    }

    private static string Inside(string row, int start, int count, int rows)
    {
        if (count == 1)
            return $"{row} == {start}";
        string lower = $"{row} >= {start}", upper = $"{row} < {start + count}";
        return start == 0 ? upper : start + count == rows ? lower : $"{lower} && {upper}";
    }
}
