using VptDsl.Compiler.Graph;
using VptDsl.Compiler.Graph.Operations;
using VptDsl.Compiler.Planning;
using VptDsl.Compiler.Spec;

namespace VptDsl.Compiler.Emit;

/// <summary>
/// Emits inference, as it is after all passes, as calls that put an ONNX graph together: from the images to the logits, and apart from
/// that what depends on the task alone, which a file either holds or computes of the task's parameters.
/// </summary>
internal sealed class OnnxEmitter
{
    /// <summary>The emitted class.</summary>
    public const string ClassName = "OnnxGraph";

    private const string ValueType = "OnnxValue";

    private readonly SourceWriter _writer = new();
    private readonly ParameterPlan _parameters;
    private readonly Dictionary<Value, string> _texts = [];
    private readonly Dictionary<Value, string> _names = [];
    private readonly HashSet<string> _taken = [];
    private readonly HashSet<string> _variables = ["images"];

    private OnnxEmitter(ParameterPlan parameters) => _parameters = parameters;

    public static string Emit(ModelSpec spec, CompiledModel model)
    {
        var emitter = new OnnxEmitter(model.Parameters);
        emitter.EmitClass(spec, model);
        return emitter._writer.ToString();
    }

    private void EmitClass(ModelSpec spec, CompiledModel model)
    {
        FileHeader.WriteClosed(_writer, spec.Type.ClosedNamespace, "VptDsl", "VptDsl.Onnx", "VptDsl.Programs");
        _writer.Summary($"Inference of {spec.Type.PlainName} as an ONNX graph.");
        _writer.Line(GeneratedAttributes.Text);
        using (_writer.Block($"internal sealed class {ClassName} : OnnxProgram"))
        {
            HashSet<Node> prepared = Activity.OfNothingBut(model.InferenceGraph.Nodes, n => n.Operation is ReadParameter);
            var left = model.InferenceGraph.Nodes.Where(n => prepared.Contains(n) && n.Operation is not ReadParameter)
                .SelectMany(n => n.Outputs).OfType<Value>().Where(model.Inference.Prepared.ContainsKey)
                .Select(v => (Value: v, Field: Variable(v, "_"), Place: model.Inference.Prepared[v])).ToArray();
            foreach (var (_, field, _) in left)
                _writer.Line($"private {ValueType} {field} = null!;");
            EmitComputeTask(model, prepared, [.. left.Select(l => (l.Value, l.Field))]);
            EmitReadTask(left);
            foreach (var (value, field, _) in left)
                _texts[value] = field;
            EmitComputeLogits(model, prepared);
        }
    }

    private void EmitReadTask((Value Value, string Field, PreparedPlace Place)[] left)
    {
        _writer.Line().Line("/// <inheritdoc/>");
        using (_writer.Block("protected override void ReadTask()"))
        {
            foreach (var (value, field, place) in left)
            {
                _writer.Line($"{field} = Prepared({Quoted(ResultName(value))}, new(Region.{place.Address.Region}, {place.Address.Fixed}), "
                    + $"{value.Shape.Rows}, {value.Shape.Columns}, {place.RowStride});");
            }
        }
    }

    private void EmitComputeTask(CompiledModel model, HashSet<Node> prepared, (Value Value, string Field)[] left)
    {
        _writer.Line().Line("/// <inheritdoc/>");
        using (_writer.Block("protected override void ComputeTask()"))
        {
            foreach (Node node in model.InferenceGraph.Nodes.Where(prepared.Contains))
                EmitNode(node);
            foreach (var (value, field) in left)
                _writer.Line($"{field} = {_texts[value]};");
        }
    }

    private void EmitComputeLogits(CompiledModel model, HashSet<Node> prepared)
    {
        _writer.Line().Line("/// <inheritdoc/>");
        using (_writer.Block($"protected override {ValueType} ComputeLogits({ValueType} images)"))
        {
            Scope? scope = null;
            foreach (Node node in model.EncodingGraph?.Nodes ?? [])
                Emit(node);
            Value? features = model.EncodingGraph?.Results.Single().Value;
            foreach (Node node in model.InferenceGraph.Nodes.Where(n => !prepared.Contains(n) || n.Operation is ReadParameter))
            {
                if (node.Operation is ReadFeatures)
                    _texts[node.Outputs[0]!] = _texts[features!];
                else
                    Emit(node);
            }

            Value logits = model.InferenceGraph.Results.Single(r => r.Role == ResultRole.Logits).Value;
            _writer.Line().Line($"return {_texts[logits]};");

            void Emit(Node node)
            {
                if (node.Operation is not (ReadParameter or ReadImages) && node.Scope != scope)
                {
                    if (scope is not null)
                        _writer.Line();
                    scope = node.Scope;
                    _writer.Line($"// {Part(scope)}");
                }

                EmitNode(node);
            }
        }
    }

    private void EmitNode(Node node)
    {
        Value? output = node.Outputs[0];
        switch (node.Operation)
        {
            case ReadImages:
                _texts[output!] = "images";
                break;
            case ReadParameter { Slice: var slice }:
                string place = slice.Parameter.Folded
                    ? $"Folded({Quoted(slice.Parameter.Name)}, {_parameters.OffsetOf(slice.Parameter) + slice.Offset}"
                    : $"Parameter({Quoted(slice.Parameter.Name)}, {slice.Offset}";
                _texts[output!] = $"{place}, {slice.Shape.Rows}, {slice.Shape.Columns})";
                break;
            default:
                string variable = Variable(output!, "");
                string[] inputs = [.. node.Inputs.Select(i => _texts[i])];
                string call = OnnxText.Of(node, inputs, Quoted(ResultName(output!)))
                    ?? throw new GraphException($"{node} has no form in ONNX.");
                _writer.Line($"{ValueType} {variable} = {call};");
                _texts[output!] = variable;
                break;
        }
    }

    /// <summary>The name of a result in the file, such as "block.3/attended".</summary>
    private string ResultName(Value value)
    {
        if (!_names.TryGetValue(value, out string? name))
            _names.Add(value, name = Unique($"{Part(value.Producer.Scope)}/{value.Name}", _taken));
        return name;
    }

    /// <summary>A variable for a value, such as "block3Attended".</summary>
    private string Variable(Value value, string prefix)
    {
        IEnumerable<string> words = $"{Part(value.Producer.Scope)}.{value.Name}".Split('.', '_', '[', ']', '/').Where(w => w.Length > 0);
        string name = string.Concat(words.Select((word, i) => i == 0 ? word : char.ToUpperInvariant(word[0]) + word.Substring(1)));
        return Unique(prefix + name, _variables);
    }

    private static string Part(Scope scope) => scope.Layer < 0 ? scope.Part : $"{scope.Part}.{SourceWriter.Literal(scope.Layer)}";

    private static string Unique(string name, HashSet<string> taken)
    {
        string unique = name;
        for (int i = 2; !taken.Add(unique); i++)
            unique = $"{name}_{SourceWriter.Literal(i)}";
        return unique;
    }

    private static string Quoted(string text) => $"\"{text}\"";
}
