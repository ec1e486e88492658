using VptDsl.Compiler.Graph;
using VptDsl.Compiler.Graph.Operations;
using VptDsl.Compiler.Spec;

namespace VptDsl.Compiler.Backbones;

/// <summary>A block of a Swin transformer: attention inside the windows of a grid, then an MLP, each after a norm.</summary>
internal sealed class SwinBlock(GraphBuilder graph, ParameterFactory parameters, int width, int heads, WindowGrid grid)
{
    public TokenSequence Build(string name, TokenSequence tokens)
    {
        int hidden = SwinSpec.MlpRatio * width;
        (Value Gamma, Value Beta) norm1 = Norm(name + ".norm1");
        Parameter bias = parameters.Weight(name + ".attn.relative_position_bias_table", grid.RelativePositions, heads);
        Parameter qkvWeight = parameters.Weight(name + ".attn.qkv.weight", 3 * width, width);
        Parameter qkvBias = parameters.Bias(name + ".attn.qkv.bias", 3 * width);
        (Value Weight, Value Bias) projection = Linear(name + ".attn.proj", width, width);
        (Value Gamma, Value Beta) norm2 = Norm(name + ".norm2");
        (Value Weight, Value Bias) expand = Linear(name + ".mlp.fc1", hidden, width), contract = Linear(name + ".mlp.fc2", width, hidden);

        Value[] x = tokens.Segments.ToArray();
        Value[] normalized =
            x.Select((v, i) => graph.LayerNorm(v, norm1.Gamma, norm1.Beta, SwinSpec.Epsilon, Swin.Named(i, "normalized1"))).ToArray();
        Value[] attended = Attend(
            Project(0, "query"), Project(1, "key"), Project(2, "value"), graph.Read(bias.AsMatrix(grid.RelativePositions)));
        for (int i = 0; i < x.Length; i++)
        {
            Value projected = graph.Linear(attended[i], projection.Weight, projection.Bias, Swin.Named(i, "projected"));
            x[i] = graph.Add(projected, x[i], Swin.Named(i, "afterAttention"));
            Value normalized2 = graph.LayerNorm(x[i], norm2.Gamma, norm2.Beta, SwinSpec.Epsilon, Swin.Named(i, "normalized2"));
            Value activated = graph.Activate(
                ActivationKind.Gelu,
                graph.Linear(normalized2, expand.Weight, expand.Bias, Swin.Named(i, "hidden")),
                Swin.Named(i, "activated"));
            x[i] = graph.Add(
                graph.Linear(activated, contract.Weight, contract.Bias, Swin.Named(i, "mlpOutput")), x[i], Swin.Named(i, "tokens"));
        }

        return TokenSequence.From(x);

        Value[] Project(int third, string projected)
        {
            Value weight = graph.Read(qkvWeight.Slice((long)third * width * width, width, width));
            Value shift = graph.Read(qkvBias.Slice((long)third * width, 1, width));
            return normalized.Select((v, i) => graph.Linear(v, weight, shift, Swin.Named(i, projected))).ToArray();
        }
    }

    private (Value Gamma, Value Beta) Norm(string name) =>
        (graph.ReadRow(parameters.Scale(name + ".weight", width)), graph.ReadRow(parameters.Bias(name + ".bias", width)));

    private (Value Weight, Value Bias) Linear(string name, int outputs, int inputs) =>
        (
            graph.Read(parameters.Weight(name + ".weight", outputs, inputs).AsMatrix(outputs)),
            graph.ReadRow(parameters.Bias(name + ".bias", outputs)));

    private Value[] Attend(Value[] queries, Value[] keys, Value[] values, Value bias)
    {
        TokenParts query = Parts(queries), key = Parts(keys), value = Parts(values);
        Value[] prompts = key.Prompts is null ? [] : [key.Prompts, value.Prompts!];
        Value patches = Attention(ofPrompts: false, [query.Patches, key.Patches, value.Patches, bias, .. prompts], "attended");
        if (query.Prompts is null)
            return [patches];
        Value inWindows = Attention(ofPrompts: true, [query.Prompts, key.Patches, value.Patches, .. prompts], "promptAttendedInWindows");
        return (query with { Patches = patches, Prompts = graph.One(new MeanOfGroups(grid.Windows), [inWindows], "promptAttended") })
            .ToSegments(graph);

        TokenParts Parts(Value[] segments) => TokenParts.Of(graph, segments, grid.Tokens);

        Value Attention(bool ofPrompts, Value[] operands, string name) =>
            graph.Add(new WindowAttention(heads, grid, ofPrompts, prompts.Length > 0), operands, name, name + "LogSum").Outputs[0]!;
    }
}
