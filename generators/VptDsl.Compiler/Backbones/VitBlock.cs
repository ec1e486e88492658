using VptDsl.Compiler.Graph;
using VptDsl.Compiler.Graph.Operations;
using VptDsl.Compiler.Spec;
using VptDsl.Programs;

namespace VptDsl.Compiler.Backbones;

/// <summary>
/// A pre-norm block of a vision transformer. Its parameters are declared when they are first needed, after those of prompts.
/// </summary>
internal sealed class VitBlock : IPromptedBlock
{
    private readonly GraphBuilder _graph;
    private readonly VitSpec _vit;
    private readonly Lazy<Parts> _parts;

    public VitBlock(
        GraphBuilder graph, ParameterFactory parameters, VitSpec vit, RotaryPositions? rotary, AddedNetworks added, int layer)
    {
        string name = $"blocks.{layer}";
        _graph = graph;
        _vit = vit;
        _parts = new(() =>
        {
            TokenNorm norm1 = Norm("norm1");
            var attention = new VitAttention(graph, parameters, vit, rotary, added.LoRA, layer);
            Value? scale1 = DeclareScale("ls1");
            TokenNorm norm2 = Norm("norm2");
            var mlp = new VitMlp(graph, parameters, vit, added.LoRA, name + ".mlp");
            Value? scale2 = DeclareScale("ls2");
            return new(
                norm1, attention, scale1, norm2, mlp, scale2,
                added.Adapter is { } adapter ? Adapters.Declare(graph, parameters, adapter, vit.Width, name) : (x, _) => x);
        });

        TokenNorm Norm(string member) => TokenNorm.Declare(graph, parameters, $"{name}.{member}", vit.Width, vit.Epsilon);

        // The published models start from smaller ones; a backbone that is trained from scratch here has few layers.
        Value? DeclareScale(string member) => vit.LayerScale
            ? graph.ReadRow(parameters.Declare(
                $"{name}.{member}.gamma", ParameterKind.Backbone, new(Distribution.Constant, 0.1), vit.Width))
            : null;
    }

    public int Heads => _vit.Heads;

    public TokenSequence Attend(TokenSequence tokens, IReadOnlyList<(Value Key, Value Value)> further)
    {
        Parts parts = _parts.Value;
        Value[] x = tokens.Segments.ToArray();
        Value[] normalized = x.Select((v, i) => parts.Norm1.Apply(v, Named(i, "normalized1"))).ToArray();
        Value[] queries = normalized.Select((v, i) => parts.Attention.Query(v, i)).ToArray();
        var keysAndValues =
            normalized.Select((v, i) => (parts.Attention.Key(v, i), Project(v, 2, Named(i, "value")))).Concat(further).ToArray();
        for (int i = 0; i < x.Length; i++)
        {
            Value? bias = parts.Attention.Bias(queries[i].Shape.Rows, i);
            Value attended = _graph.Attention(Heads, queries[i], keysAndValues, Named(i, "attended"), bias);
            Value scaled = Scale(ProjectBack(attended, Named(i, "projected")), parts.Scale1, Named(i, "scaledAttention"));
            x[i] = _graph.Add(scaled, x[i], Named(i, "afterAttention"));
        }

        return TokenSequence.From(x);
    }

    public TokenSequence RunMlp(TokenSequence tokens) => TokenSequence.From(tokens.Segments.Select((x, i) =>
    {
        Parts parts = _parts.Value;
        Value output = parts.Mlp.Apply(parts.Norm2.Apply(x, Named(i, "normalized2")), i);
        return _graph.Add(parts.Adapt(Scale(output, parts.Scale2, Named(i, "scaledMlp")), i), x, Named(i, "tokens"));
    }).ToArray());

    public Value Normalize(Value x, string name) => _parts.Value.Norm1.Apply(x, name);

    public Value Project(Value x, int third, string name) => _parts.Value.Attention.Project(x, third, name);

    public Value ProjectBack(Value x, string name) => _parts.Value.Attention.ProjectBack(x, name);

    private Value Scale(Value x, Value? gamma, string name) =>
        gamma is null ? x : _graph.One(new ScaleColumns(Residual: false), [x, gamma], name);

    private static string Named(int segment, string what) => TokenSequence.Name(segment, what);

    private sealed record Parts(
        TokenNorm Norm1, VitAttention Attention, Value? Scale1, TokenNorm Norm2, VitMlp Mlp, Value? Scale2, Func<Value, int, Value> Adapt);
}
