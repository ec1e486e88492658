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

    /// <summary>The call of the operation's routine.</summary>
    private static string Body(Call call)
    {
        string[] operands = call.Operands.Select(o => CallText.Operand(o.Name, o.Layout)).ToArray();
        var asked = new Queue<string>(operands.Skip(call.Inputs.Count));
        string?[] outputs = call.Outputs.Select(o => o.Layout is null ? null : asked.Dequeue()).ToArray();
        return RoutineText.Of(call.Operation, [.. operands.Take(call.Inputs.Count)], outputs);
    }
}
