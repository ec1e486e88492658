using VptDsl.Compiler.Graph.Operations;
using VptDsl.Compiler.Planning;
using VptDsl.Compiler.Spec;

namespace VptDsl.Compiler.Emit;

/// <summary>Emits the CPU device's operations: each calls a SIMD routine of the runtime with its dimensions.</summary>
internal static class CpuEmitter
{
    public static string Emit(ModelSpec spec, CallTable calls)
    {
        var writer = new SourceWriter();
        FileHeader.WriteClosed(writer, spec.Type.ClosedNamespace, "VptDsl.Devices", "VptDsl.Devices.Cpu", "VptDsl.Programs");
        writer.Summary("The operations on the CPU.");
        writer.Line(GeneratedAttributes.Text);
        using (writer.Block("internal sealed class CpuOperations(CpuDevice device) : CpuProgramDevice(device), IOperations"))
        {
            bool first = true;
            foreach (Call call in calls.Calls)
            {
                if (!first)
                    writer.Line();
                first = false;
                writer.Line($"public void {calls[call]}({CallTable.Parameters(call)}) =>");
                writer.Indented(Body(call) + ";");
            }
        }

        return writer.ToString();
    }

    /// <summary>The call of the operation's routine. What has a name and is not there is left out.</summary>
    private static string Body(Call call)
    {
        string[] operands = call.Operands.Select(o => CallText.Operand(o.Name, o.Layout)).ToArray();
        var asked = new Queue<string>(operands.Skip(call.Inputs.Count));
        string?[] outputs = call.Outputs.Select(o => o.Layout is null ? null : asked.Dequeue()).ToArray();
        IEnumerable<string> arguments = call.Operation.RoutineArguments([.. operands.Take(call.Inputs.Count)], outputs)
            .Where(argument => argument is not { Name: not null, Value: null })
            .Select(argument => argument.Name is null ? Text(argument.Value) : $"{argument.Name}: {Text(argument.Value)}");
        return $"{call.Operation.Routine}({string.Join(", ", arguments)})";
    }

    private static string Text(object? value) => value switch
    {
        null => "default",
        string operand => operand,
        int number => SourceWriter.Literal(number),
        double number => SourceWriter.Literal(number),
        bool isTrue => isTrue ? "true" : "false",
        ActivationKind kind => $"ActivationKind.{kind}",
        PlaneSize size => size.Code,
        SlidingPatch grid => $"new({grid.Size}, {grid.Kernel}, {grid.Stride}, {grid.Padding})",
        IEnumerable<double> numbers => List(numbers.Select(SourceWriter.Literal)),
        IEnumerable<string?> operands => List(operands.Select(Text)),
        var other => throw new NotSupportedException($"Arguments that are {other.GetType().Name} have no C#; write it down here."),
    };

    private static string List(IEnumerable<string> items) => $"[{string.Join(", ", items)}]";
}
