using VptDsl.Compiler.Planning;
using VptDsl.Compiler.Spec;

namespace VptDsl.Compiler.Emit;

/// <summary>Emits the programs of a model: what a training step and inference do, part by part.</summary>
internal sealed class ProgramEmitter
{
    private readonly SourceWriter _writer = new();
    private readonly HashSet<string> _methods = [];
    private readonly CallTable _calls;

    private ProgramEmitter(CallTable calls) => _calls = calls;

    public static string Emit(ModelSpec spec, CompiledModel model, CallTable calls, bool hasKernels)
    {
        var emitter = new ProgramEmitter(calls);
        SourceWriter writer = emitter._writer;
        FileHeader.WriteClosed(
            writer, spec.Type.ClosedNamespace, "VptDsl", "VptDsl.Devices.Cpu", "VptDsl.Devices.Ilgpu", "VptDsl.Programs");
        writer.Summary("Training and inference, step by step. Every buffer has a place that was planned at compile time.");
        writer.Line(GeneratedAttributes.Text);
        using (writer.Block(
            "internal sealed class Program(IOperations operations) "
                + ": CompiledProgram(operations, Description.Create(), Description.Layout)"))
        {
            writer.Line("private readonly IOperations _operations = operations;").Line();
            EmitOpening(writer, hasKernels);
            if (model.Folding is { } folding)
                emitter.EmitProgram("FoldWeights", "Fold", folding.Steps);
            if (model.Encoding is { } encoding)
                emitter.EmitProgram("EncodeBatch", "Encode", encoding.Steps);
            emitter.EmitProgram("TrainBatch", "", model.Training.Steps);
            emitter.EmitProgram("PrepareTask", "Prepare", model.Inference.Prepare);
            emitter.EmitProgram("InferBatch", "Infer", model.Inference.Steps, byTask: true);
            if (model.Mixed is { } mixed)
            {
                emitter.EmitProgram("PrepareMixed", "PrepareMixed", mixed.Prepare);
                emitter.EmitProgram("InferMixed", "InferMixed", mixed.Steps, byTask: true);
            }
        }

        return writer.ToString();
    }

    private static void EmitOpening(SourceWriter writer, bool hasKernels)
    {
        writer.Summary("The program on a device.");
        using (writer.Block("public static Program On(Device device) => new(device switch", close: "});"))
        {
            writer.Line("CpuDevice cpu => new CpuOperations(cpu),");
            writer.Line(hasKernels ? "IlgpuDevice gpu => new IlgpuOperations(gpu)," : "IlgpuDevice => throw WithoutKernels(device),");
            writer.Line("_ => throw UnknownDevice(device),");
        }
    }

    /// <param name="method">The method to write.</param>
    /// <param name="prefix">What the names of its parts begin with; empty for forward and backward.</param>
    /// <param name="steps">Its steps.</param>
    /// <param name="byTask">Whether images of several tasks may be in a batch.</param>
    private void EmitProgram(string method, string prefix, IReadOnlyList<Step> steps, bool byTask = false)
    {
        var groups = StepGroups.Of(steps).Select(g => (Group: g, Method: MethodName(prefix, g))).ToArray();
        _writer.Line().Line("/// <inheritdoc/>");
        using (_writer.Block($"protected override void {method}()"))
        {
            foreach (var (group, name) in groups)
                EmitCallOf(group, name);
        }

        foreach (var (group, name) in groups)
            EmitGroup(group, name, byTask);
    }

    private void EmitCallOf(StepGroup group, string method)
    {
        if (!group.IsLoop)
        {
            _writer.Line($"{method}();");
            return;
        }

        int first = group.Layers.First(), last = group.Layers.Last();
        _writer.Line(first < last
            ? $"for (int layer = {first}; layer <= {last}; layer++)"
            : $"for (int layer = {first}; layer >= {last}; layer--)");
        _writer.Indented($"{method}(layer);");
    }

    private void EmitGroup(StepGroup group, string method, bool byTask)
    {
        Step[] steps = group.Instances[0];
        int[] layers = group.Layers.ToArray();
        Dictionary<int, string> names = NameValues(steps);
        _writer.Line();
        using (_writer.Block($"private void {method}({(group.IsLoop ? "int layer" : "")})"))
        {
            var declared = new HashSet<int>();
            for (int s = 0; s < steps.Length; s++)
            {
                for (int o = 0; o < steps[s].Operands.Count; o++)
                {
                    Operand operand = steps[s].Operands[o];
                    if (!declared.Add(operand.Value))
                        continue;
                    Address[] places = group.Instances.Select(i => i[s].Operands[o].Address).ToArray();
                    string storage = o < steps[s].Call.Inputs.Count && steps[s].Call.Inputs[o].InPairs ? " in bfloat16" : "";
                    _writer.Line($"Slot {names[operand.Value]} = {PlaceText.Of(places, layers)}; // {operand.Shape}{storage}");
                }
            }

            foreach (Step step in steps)
            {
                string[] arguments = step.Operands.Select(o => names[o.Value]).ToArray();
                _writer.Line();
                _writer.Line($"// {CallText.Equation(step.Call, arguments)}");
                string call = $"_operations.{_calls[step.Call]}({string.Join(", ", arguments)});";
                if (byTask && step.Operands.Any(o => o.IsOfTask))
                {
                    _writer.Line("while (_operations.NextTask())");
                    _writer.Indented(call);
                }
                else
                {
                    _writer.Line(call);
                }
            }
        }
    }

    private static Dictionary<int, string> NameValues(Step[] steps)
    {
        var names = new Dictionary<int, string>();
        var taken = new HashSet<string> { "layer" };
        foreach (Operand operand in steps.SelectMany(s => s.Operands))
        {
            if (names.ContainsKey(operand.Value))
                continue;
            string name = operand.Name;
            for (int i = 2; !taken.Add(name); i++)
                name = $"{operand.Name}{i}";
            names.Add(operand.Value, name);
        }

        return names;
    }

    /// <summary>"ForwardBlock3", "BackwardBlocks1To10", "InferHead"…</summary>
    private string MethodName(string prefix, StepGroup group)
    {
        string direction = prefix.Length > 0 ? prefix : group.Scope.Backward ? "Backward" : "Forward";
        string part = char.ToUpperInvariant(group.Scope.Part[0]) + group.Scope.Part.Substring(1);
        int lowest = group.Layers.Min(), highest = group.Layers.Max();
        string name = direction + part
            + (group.Scope.Layer < 0 ? "" : group.IsLoop ? $"s{lowest}To{highest}" : SourceWriter.Literal(lowest));
        string unique = name;
        for (int i = 2; !_methods.Add(unique); i++)
            unique = $"{name}Part{i}";
        return unique;
    }
}
