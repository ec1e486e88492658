using VptDsl.Compiler.Graph;
using VptDsl.Compiler.Planning;

namespace VptDsl.Compiler.Emit;

/// <summary>What a call is named in emitted code, how it is explained, and how its operands are written.</summary>
internal static class CallText
{
    /// <summary>A method name that says the operation and its dimensions. Calls that differ in strides alone have the same.</summary>
    public static string Name(Call call)
    {
        string name = call.Operation.MethodName(InputShapes(call));
        return call.Operands.Any(o => o.Layout.Batched) ? name : "Shared" + name;
    }

    /// <summary>What kernels are called that take the call's numbers of rows as parameters.</summary>
    public static string KernelName(Call call) => call.Operation.KernelName(InputShapes(call));

    /// <summary>The results and their shapes, and the computation as a formula, over the names of the call's operands.</summary>
    public static string Equation(Call call, IReadOnlyList<string> names)
    {
        string results = string.Join(", ", call.Operands.Zip(names, (o, name) => (Operand: o, Name: name))
            .Where(r => r.Operand.IsOutput).Select(r => $"{r.Name} {r.Operand.Layout.Shape}"));
        return $"{results} = {Formula(call, [.. names.Take(call.Inputs.Count)])}";
    }

    /// <summary>The computation as a formula, over the names of the call's inputs.</summary>
    public static string Formula(Call call, IReadOnlyList<string> inputs) => call.Operation.Formula(inputs, InputShapes(call));

    /// <summary>The equation over the names of the method's parameters.</summary>
    public static string Equation(Call call) => Equation(call, [.. call.Operands.Select(o => o.Name)]);

    /// <summary>An operand with its dimensions, as both devices' base classes take it.</summary>
    public static string Operand(string name, Layout layout)
    {
        string method = layout.InPairs ? "SharedPairs" : layout.Batched ? "PerImage" : "Shared";
        string strides = layout.IsDense ? "" : layout.Batched ? $", {layout.RowStride}, {layout.ImageStride}" : $", {layout.RowStride}";
        return $"{method}({name}, {layout.Rows}, {layout.Columns}{strides})";
    }

    private static Shape[] InputShapes(Call call) => [.. call.Inputs.Select(i => i.Shape)];
}
