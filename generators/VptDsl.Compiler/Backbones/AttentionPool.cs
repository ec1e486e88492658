using VptDsl.Compiler.Graph;
using VptDsl.Compiler.Spec;

namespace VptDsl.Compiler.Backbones;

/// <summary>
/// SigLIP's pool (Zhai et al., 2023): a learned query attends to the image's tokens, and an MLP follows, with a residual from there on.
/// </summary>
internal static class AttentionPool
{
    private const string Name = "attn_pool";

    /// <summary>[batch, 1, width] of image tokens [batch, patches, width].</summary>
    public static Value Build(GraphBuilder graph, ParameterFactory parameters, VitSpec vit, Value tokens, string name)
    {
        int width = vit.Width;
        Value latent = graph.ReadRow(parameters.Weight(Name + ".latent", 1, 1, width));
        Value query = Linear("q", latent, "poolQuery");
        Parameter weight = parameters.Weight(Name + ".kv.weight", 2 * width, width), bias = parameters.Bias(Name + ".kv.bias", 2 * width);
        Value attended = graph.Attention(vit.Heads, query, [(Half(0, "poolKey"), Half(1, "poolValue"))], "poolAttended");
        Value projected = Linear("proj", attended, "poolProjected");
        Value normalized = TokenNorm.Declare(graph, parameters, Name + ".norm", width, vit.Epsilon).Apply(projected, "poolNormalized");
        var mlp = new VitMlp(graph, parameters, vit with { MlpForm = MlpForm.Plain }, lora: null, Name + ".mlp");
        return graph.Add(mlp.Apply(normalized, segment: 0), projected, name);

        Value Half(int half, string what) => graph.Linear(
            tokens, graph.Read(weight.RowsOf(half * width, width)), graph.Read(bias.ElementsOf(half * width, width)), what);

        Value Linear(string member, Value x, string what)
        {
            Parameter matrix = parameters.Weight($"{Name}.{member}.weight", width, width);
            return graph.Linear(
                x, graph.Read(matrix.AsMatrix(width)), graph.ReadRow(parameters.Bias($"{Name}.{member}.bias", width)), what);
        }
    }
}
