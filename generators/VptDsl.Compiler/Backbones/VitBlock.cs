using VptDsl.Compiler.Graph;
using VptDsl.Compiler.Graph.Operations;
using VptDsl.Compiler.Spec;
using VptDsl.Programs;

namespace VptDsl.Compiler.Backbones;

/// <summary>
/// A pre-norm block of a vision transformer. Its parameters are declared when they are first needed, after those of prompts.
/// </summary>
internal sealed class VitBlock(GraphBuilder graph, ParameterFactory parameters, VitSpec vit, AdapterSpec? adapter, string name)
    : IPromptedBlock
{
    // DINOv2's own first value is smaller; a backbone that is trained from scratch here has few layers.
    private const double FirstScale = 0.1;

    private Weights? _weights;

    public int Heads => vit.Heads;

    public TokenSequence Attend(TokenSequence tokens, IReadOnlyList<(Value Key, Value Value)> further)
    {
        Value[] x = tokens.Segments.ToArray();
        Value[] normalized = x.Select((v, i) => Normalize(v, Named(i, "normalized1"))).ToArray();
        Value[] queries = normalized.Select((v, i) => Project(v, 0, Named(i, "query"))).ToArray();
        var keysAndValues =
            normalized.Select((v, i) => (Project(v, 1, Named(i, "key")), Project(v, 2, Named(i, "value")))).Concat(further).ToArray();
        for (int i = 0; i < x.Length; i++)
        {
            Value attended = graph.Attention(vit.Heads, queries[i], keysAndValues, Named(i, "attended"));
            Value scaled = Scale(ProjectBack(attended, Named(i, "projected")), Declared().Scale1, Named(i, "scaledAttention"));
            x[i] = graph.Add(scaled, x[i], Named(i, "afterAttention"));
        }

        return TokenSequence.From(x);
    }

    public TokenSequence RunMlp(TokenSequence tokens) => TokenSequence.From(tokens.Segments.Select((x, i) =>
    {
        Weights weights = Declared();
        Value normalized2 = graph.LayerNorm(x, weights.Gamma2, weights.Beta2, vit.Epsilon, Named(i, "normalized2"));
        Value hidden = graph.Linear(
            normalized2, graph.Read(weights.Fc1.AsMatrix(vit.Mlp)), graph.ReadRow(weights.Fc1Bias), Named(i, "hidden"));
        Value activated = graph.Activate(vit.Activation, hidden, Named(i, "activated"));
        Value output = graph.Linear(
            activated, graph.Read(weights.Fc2.AsMatrix(vit.Width)), graph.ReadRow(weights.Fc2Bias), Named(i, "mlpOutput"));
        Value scaled = Scale(output, weights.Scale2, Named(i, "scaledMlp"));
        return graph.Add(weights.Adapt(scaled, i), x, Named(i, "tokens"));
    }).ToArray());

    public Value Normalize(Value x, string name) => graph.LayerNorm(x, Declared().Gamma1, Declared().Beta1, vit.Epsilon, name);

    public Value Project(Value x, int third, string name)
    {
        int width = vit.Width;
        return graph.Linear(
            x,
            graph.Read(Declared().Qkv.Slice((long)third * width * width, width, width)),
            graph.Read(Declared().QkvBias.Slice((long)third * width, 1, width)),
            name);
    }

    public Value ProjectBack(Value x, string name) =>
        graph.Linear(x, graph.Read(Declared().Projection.AsMatrix(vit.Width)), graph.ReadRow(Declared().ProjectionBias), name);

    private Value Scale(Value x, Value? gamma, string name) =>
        gamma is null ? x : graph.One(new ScaleColumns(Residual: false), [x, gamma], name);

    private Value? DeclareScale(string member) => vit.LayerScale
        ? graph.ReadRow(parameters.Declare(
            $"{name}.{member}.gamma", ParameterKind.Backbone, new(Distribution.Constant, FirstScale), vit.Width))
        : null;

    private static string Named(int segment, string what) => TokenSequence.Name(segment, what);

    private Weights Declared()
    {
        if (_weights is not null)
            return _weights;
        int width = vit.Width;
        Value gamma1 = graph.ReadRow(parameters.Scale(name + ".norm1.weight", width)),
            beta1 = graph.ReadRow(parameters.Bias(name + ".norm1.bias", width));
        Parameter qkv = parameters.Weight(name + ".attn.qkv.weight", 3 * width, width),
            qkvBias = parameters.Bias(name + ".attn.qkv.bias", 3 * width);
        Parameter projection = parameters.Weight(name + ".attn.proj.weight", width, width),
            projectionBias = parameters.Bias(name + ".attn.proj.bias", width);
        Value? scale1 = DeclareScale("ls1");
        Value gamma2 = graph.ReadRow(parameters.Scale(name + ".norm2.weight", width)),
            beta2 = graph.ReadRow(parameters.Bias(name + ".norm2.bias", width));
        Parameter fc1 = parameters.Weight(name + ".mlp.fc1.weight", vit.Mlp, width),
            fc1Bias = parameters.Bias(name + ".mlp.fc1.bias", vit.Mlp);
        Parameter fc2 = parameters.Weight(name + ".mlp.fc2.weight", width, vit.Mlp),
            fc2Bias = parameters.Bias(name + ".mlp.fc2.bias", width);
        Value? scale2 = DeclareScale("ls2");
        Func<Value, int, Value> adapt = adapter is null ? (x, _) => x : Adapters.Declare(graph, parameters, adapter, width, name);
        return _weights = new(
            gamma1, beta1, qkv, qkvBias, projection, projectionBias, scale1, gamma2, beta2, fc1, fc1Bias, fc2, fc2Bias, scale2, adapt);
    }

    private sealed record Weights(
        Value Gamma1, Value Beta1, Parameter Qkv, Parameter QkvBias, Parameter Projection, Parameter ProjectionBias, Value? Scale1,
        Value Gamma2, Value Beta2, Parameter Fc1, Parameter Fc1Bias, Parameter Fc2, Parameter Fc2Bias, Value? Scale2,
        Func<Value, int, Value> Adapt);
}
