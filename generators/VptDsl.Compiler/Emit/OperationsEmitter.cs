using VptDsl.Compiler.Planning;
using VptDsl.Compiler.Spec;

namespace VptDsl.Compiler.Emit;

/// <summary>Emits the interface of a model's operations: what its program asks of a device.</summary>
internal static class OperationsEmitter
{
    public static string Emit(ModelSpec spec, CallTable calls)
    {
        var writer = new SourceWriter();
        FileHeader.WriteClosed(writer, spec.Type.ClosedNamespace, "VptDsl.Programs");
        writer.Summary($"The operations of {spec.Type.PlainName}, each with its dimensions: every device implements them.");
        using (writer.Block("internal interface IOperations : IProgramDevice"))
        {
            bool first = true;
            foreach (Call call in calls.Calls)
            {
                if (!first)
                    writer.Line();
                first = false;
                writer.Summary(CallText.Equation(call) + ".");
                writer.Line($"void {calls[call]}({CallTable.Parameters(call)});");
            }
        }

        return writer.ToString();
    }
}
