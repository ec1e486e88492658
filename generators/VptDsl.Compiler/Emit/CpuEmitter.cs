using VptDsl.Compiler.Graph;
using VptDsl.Compiler.Graph.Operations;
using VptDsl.Compiler.Planning;
using VptDsl.Compiler.Spec;
using VptDsl.Programs;

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

    /// <summary>
    /// The call of the routine that is named after the operation, with inputs, outputs and attributes. Products name what their epilogue
    /// has; attention takes its segments, and attention in windows a place for each operand that it may lack.
    /// </summary>
    private static string Body(Call call)
    {
        string[] arguments = call.Operands.Select(o => CallText.Operand(o.Name, o.Layout)).ToArray();
        string[] inputs = arguments.Take(call.Inputs.Count).ToArray();
        var asked = new Queue<string>(arguments.Skip(call.Inputs.Count));
        string[] outputs = call.Outputs.Select(o => o.Layout is null ? "default" : asked.Dequeue()).ToArray();
        string[] attributes = call.Operation.Attributes.Select(Attribute).ToArray();
        string Routine(string routine, params IEnumerable<string>[] operands) =>
            $"{routine}({string.Join(", ", operands.SelectMany(o => o).Concat(attributes))})";

        string name = call.Operation.GetType().Name;
        return call.Operation switch
        {
            Product product => Product(name + product.Layout, product, inputs, outputs, attributes),
            SlidingProduct product => Product(name, product, inputs, outputs, attributes),
            Attention => Routine(name, inputs.Take(1), [List(inputs.Skip(1))], outputs),
            AttentionGradient => Routine(name, inputs.Take(4), [List(inputs.Skip(4))], outputs.Take(1), [List(outputs.Skip(1))]),
            WindowAttention attention => Routine(name, Places(attention, inputs), outputs),
            WindowAttentionGradient { Forward: var attention } =>
                Routine(name, inputs.Take(3), Places(attention, inputs.Skip(3)), Places(attention, outputs)),
            _ => Routine(name, inputs, outputs),
        };
    }

    private static string Attribute(OperationAttribute attribute) => attribute.Value switch
    {
        int number => SourceWriter.Literal(number),
        double number => SourceWriter.Literal(number),
        bool isTrue => isTrue ? "true" : "false",
        ActivationKind kind => $"ActivationKind.{kind}",
        SlidingPatch grid => $"new({grid.Size}, {grid.Kernel}, {grid.Stride}, {grid.Padding})",
        IEnumerable<double> numbers => List(numbers.Select(SourceWriter.Literal)),
        var other => throw new NotSupportedException($"Attributes that are {other.GetType().Name} have no C#; write it down here."),
    };

    private static string List(IEnumerable<string> items) => $"[{string.Join(", ", items)}]";

    /// <summary>The operands of attention in windows, or their gradients, with a place for each that it may lack.</summary>
    private static string[] Places(WindowAttention attention, IEnumerable<string> given)
    {
        string[] operands = given.ToArray();
        return
        [
            .. operands.Take(3),
            attention.OfPrompts ? "default" : operands[3],
            .. attention.OverPrompts ? operands.Skip(attention.PromptKey) : ["default", "default"],
        ];
    }

    /// <summary>The factors, the result and attributes, then what the epilogue has, by name.</summary>
    private static string Product(string routine, ProductOperation product, string[] inputs, string[] outputs, string[] attributes)
    {
        var arguments = new List<string>([inputs[0], inputs[1], outputs[0], .. attributes]);
        if (product.Epilogue.Bias)
            arguments.Add($"bias: {inputs[ProductOperation.BiasInput]}");
        if (product.Epilogue.Activation is { } activation)
            arguments.Add($"activation: {Attribute(activation.Kind)}");
        if (outputs[1] != "default")
            arguments.Add($"beforeActivation: {outputs[1]}");
        if (product.Epilogue.HasGate)
            arguments.Add($"gate: {inputs[product.GateInput]}");
        if (product.Epilogue.Residual)
            arguments.Add($"residual: {inputs[product.ResidualInput]}");
        return $"{routine}({string.Join(", ", arguments)})";
    }
}
