using VptDsl.Compiler.Graph;
using VptDsl.Compiler.Prompts;
using VptDsl.Compiler.Spec;

namespace VptDsl.Compiler.Backbones;

/// <summary>
/// The vision transformer of Dosovitskiy et al. (2021): patch embedding, class token, positions, pre-norm blocks, final norm.
/// Parameters have timm's names.
/// </summary>
internal static class VisionTransformer
{
    private const double Epsilon = 1e-6, LongestWavelength = 10000;

    /// <summary>Builds the backbone and returns the features that the head reads, [batch, 1, width].</summary>
    public static Value Build(GraphBuilder graph, ParameterFactory parameters, VitSpec vit, PromptScheme prompts, AdapterSpec? adapter)
    {
        (vit, TokenSequence[] tokens) = Layers(graph, parameters, vit, prompts, adapter);
        graph.Scope = new("head", -1, Backward: false);
        return Features(graph, parameters, vit, tokens[tokens.Length - 1]);
    }

    /// <summary>Builds the backbone and returns the patch tokens after some layers, each map [batch, patches, width] through the final norm.</summary>
    public static Value[] BuildMaps(
        GraphBuilder graph, ParameterFactory parameters, VitSpec vit, PromptScheme prompts, AdapterSpec? adapter, IReadOnlyList<int> layers)
    {
        (vit, TokenSequence[] tokens) = Layers(graph, parameters, vit, prompts, adapter);
        graph.Scope = new("head", -1, Backward: false);
        Value gamma = graph.ReadRow(parameters.Scale("norm.weight", vit.Width)), beta = graph.ReadRow(parameters.Bias("norm.bias", vit.Width));
        return layers.Select(layer =>
        {
            // Prompts may stand inside the sequence, but always before the patches.
            Value normalized = graph.LayerNorm(tokens[layer].Image, gamma, beta, Epsilon, "normalized");
            return graph.Rows(normalized, normalized.Shape.Rows - vit.Patches, vit.Patches, "features");
        }).ToArray();
    }

    /// <summary>The tokens after each layer, and the backbone for the images as prompts leave them.</summary>
    private static (VitSpec Vit, TokenSequence[] Tokens) Layers(
        GraphBuilder graph, ParameterFactory parameters, VitSpec vit, PromptScheme prompts, AdapterSpec? adapter)
    {
        graph.Scope = new("embedding", -1, Backward: false);
        (Value images, int size) = prompts.Images(graph, parameters, vit);
        vit = vit with { Image = size };
        TokenSequence tokens = Embed(graph, parameters, vit, images, prompts);
        var after = new TokenSequence[vit.Layers];
        for (int layer = 0; layer < vit.Layers; layer++)
        {
            graph.Scope = new("block", layer, Backward: false);
            tokens = prompts.BeforeLayer(graph, layer, tokens);
            after[layer] = tokens = Block(graph, parameters, vit, adapter, $"blocks.{layer}", tokens);
        }

        return (vit, after);
    }

    private static TokenSequence Embed(GraphBuilder graph, ParameterFactory parameters, VitSpec vit, Value images, PromptScheme prompts)
    {
        Parameter cls = parameters.Declare("cls_token", ParameterKind.Backbone, new(Distribution.Normal, 1e-6), 1, 1, vit.Width);
        Parameter positions = vit.Positions == PositionEmbedding.Learned
            ? parameters.Weight("pos_embed", 1, 1 + vit.Patches, vit.Width)
            : parameters.Constant("pos_embed", new(Distribution.SineCosine, LongestWavelength), 1, 1 + vit.Patches, vit.Width);
        Parameter weight = parameters.Weight("patch_embed.proj.weight", vit.Width, vit.Channels, vit.Patch, vit.Patch);
        Parameter bias = parameters.Bias("patch_embed.proj.bias", vit.Width);
        Value EmbedPatches(Value x, string name) => graph.Linear(x, graph.Read(weight.AsMatrix(vit.Width)), graph.ReadRow(bias), name);

        Value patches = graph.Patches(images, vit.Channels, vit.Image, vit.Patch, "patches");
        Value embedded = prompts.Embedded(graph, EmbedPatches(patches, "embedded"));
        Value positioned = graph.Add(embedded, graph.Read(positions.Slice(vit.Width, vit.Patches, vit.Width)), "positioned");
        Value classToken = graph.Add(graph.ReadRow(cls), graph.Read(positions.Slice(0, 1, vit.Width)), "classToken");
        return prompts.Enter(graph, new(graph.ConcatRows([classToken, positioned], "tokens"), null), EmbedPatches);
    }

    /// <summary>The final normalisation of every segment and then the pool, or the other way round.</summary>
    private static Value Features(GraphBuilder graph, ParameterFactory parameters, VitSpec vit, TokenSequence tokens)
    {
        string name = vit.FinalNorm == FinalNorm.AfterPool ? "fc_norm" : "norm";
        Value gamma = graph.ReadRow(parameters.Scale(name + ".weight", vit.Width)), beta = graph.ReadRow(parameters.Bias(name + ".bias", vit.Width));
        if (vit.FinalNorm == FinalNorm.AfterPool)
            return graph.LayerNorm(TokenPooling.Pool(graph, vit, tokens, "pooled"), gamma, beta, Epsilon, "features");
        Value[] normalized = tokens.Segments.Select((x, i) => graph.LayerNorm(x, gamma, beta, Epsilon, Named(i, "normalized"))).ToArray();
        return TokenPooling.Pool(graph, vit, TokenSequence.From(normalized), "features");
    }

    private static TokenSequence Block(
        GraphBuilder graph, ParameterFactory parameters, VitSpec vit, AdapterSpec? adapter, string name, TokenSequence tokens)
    {
        int width = vit.Width;
        Value Row(Parameter parameter) => graph.ReadRow(parameter);

        Value gamma1 = Row(parameters.Scale(name + ".norm1.weight", width)), beta1 = Row(parameters.Bias(name + ".norm1.bias", width));
        Parameter qkvWeight = parameters.Weight(name + ".attn.qkv.weight", 3 * width, width);
        Parameter qkvBias = parameters.Bias(name + ".attn.qkv.bias", 3 * width);
        Value Project(Value x, int third, string projected) => graph.Linear(
            x,
            graph.Read(qkvWeight.Slice((long)third * width * width, width, width)),
            graph.Read(qkvBias.Slice((long)third * width, 1, width)),
            projected);

        Parameter projectionWeight = parameters.Weight(name + ".attn.proj.weight", width, width);
        Parameter projectionBias = parameters.Bias(name + ".attn.proj.bias", width);
        Value gamma2 = Row(parameters.Scale(name + ".norm2.weight", width)), beta2 = Row(parameters.Bias(name + ".norm2.bias", width));
        Parameter fc1Weight = parameters.Weight(name + ".mlp.fc1.weight", vit.Mlp, width), fc1Bias = parameters.Bias(name + ".mlp.fc1.bias", vit.Mlp);
        Parameter fc2Weight = parameters.Weight(name + ".mlp.fc2.weight", width, vit.Mlp), fc2Bias = parameters.Bias(name + ".mlp.fc2.bias", width);
        Func<Value, int, Value> adapt = adapter is null ? (x, _) => x : Adapters.Declare(graph, parameters, adapter, width, name);

        Value[] x = tokens.Segments.ToArray();
        Value[] normalized = x.Select((v, i) => graph.LayerNorm(v, gamma1, beta1, Epsilon, Named(i, "normalized1"))).ToArray();
        var queries = normalized.Select((v, i) => Project(v, 0, Named(i, "query"))).ToArray();
        var keysAndValues = normalized.Select((v, i) => (Project(v, 1, Named(i, "key")), Project(v, 2, Named(i, "value")))).ToArray();

        for (int i = 0; i < x.Length; i++)
        {
            Value attended = graph.Attention(vit.Heads, queries[i], keysAndValues, Named(i, "attended"));
            Value projected = graph.Linear(attended, graph.Read(projectionWeight.AsMatrix(width)), Row(projectionBias), Named(i, "projected"));
            x[i] = graph.Add(projected, x[i], Named(i, "afterAttention"));
        }

        for (int i = 0; i < x.Length; i++)
        {
            Value normalized2 = graph.LayerNorm(x[i], gamma2, beta2, Epsilon, Named(i, "normalized2"));
            Value hidden = graph.Linear(normalized2, graph.Read(fc1Weight.AsMatrix(vit.Mlp)), Row(fc1Bias), Named(i, "hidden"));
            Value activated = graph.Gelu(hidden, Named(i, "activated"));
            Value output = graph.Linear(activated, graph.Read(fc2Weight.AsMatrix(width)), Row(fc2Bias), Named(i, "mlpOutput"));
            x[i] = graph.Add(adapt(output, i), x[i], Named(i, "tokens"));
        }

        return TokenSequence.From(x);
    }

    private static string Named(int segment, string what) => TokenSequence.Name(segment, what);
}
