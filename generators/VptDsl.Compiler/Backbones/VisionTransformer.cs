using VptDsl.Compiler.Graph;
using VptDsl.Compiler.Graph.Operations;
using VptDsl.Compiler.Prompts;
using VptDsl.Compiler.Spec;
using VptDsl.Programs;

namespace VptDsl.Compiler.Backbones;

/// <summary>
/// The vision transformer of Dosovitskiy et al. (2021): patch embedding, class token, positions, pre-norm blocks, final norm.
/// Parameters have timm's names.
/// </summary>
internal static class VisionTransformer
{
    private const double LongestWavelength = 10000;

    /// <summary>Builds the backbone and returns the features that the head reads, [batch, 1, width].</summary>
    public static Value Build(GraphBuilder graph, ParameterFactory parameters, VitSpec vit, PromptScheme prompts, AdapterSpec? adapter)
    {
        (vit, TokenSequence[] tokens) = Layers(graph, parameters, vit, prompts, adapter);
        graph.Scope = new("head", -1, Backward: false);
        return Features(graph, parameters, vit, tokens[tokens.Length - 1]);
    }

    /// <summary>
    /// Builds the backbone and returns the patch tokens after some layers, each map [batch, patches, width] through the final norm.
    /// </summary>
    public static Value[] BuildMaps(
        GraphBuilder graph, ParameterFactory parameters, VitSpec vit, PromptScheme prompts, AdapterSpec? adapter, IReadOnlyList<int> layers)
    {
        (vit, TokenSequence[] tokens) = Layers(graph, parameters, vit, prompts, adapter);
        graph.Scope = new("head", -1, Backward: false);
        Func<Value, string, Value> normalize = Norm(graph, parameters, vit, "norm");
        return layers.Select(layer =>
        {
            // Prompts may stand inside the sequence, but always before the patches.
            Value normalized = normalize(tokens[layer].Image, "normalized");
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
            after[layer] = tokens = prompts.RunLayer(
                graph, layer, tokens, new VitBlock(graph, parameters, vit, adapter, $"blocks.{layer}"));
        }

        return (vit, after);
    }

    private static TokenSequence Embed(GraphBuilder graph, ParameterFactory parameters, VitSpec vit, Value images, PromptScheme prompts)
    {
        Parameter cls = parameters.Declare("cls_token", ParameterKind.Backbone, new(Distribution.Normal, 1e-6), 1, 1, vit.Width);
        int tokens = vit.PrefixTokens + vit.Patches;
        Parameter positions = vit.Positions == PositionEmbedding.Learned
            ? parameters.Weight("pos_embed", 1, tokens, vit.Width)
            : parameters.Constant(
                "pos_embed", ParameterKind.Backbone, new(Distribution.SineCosine, LongestWavelength), 1, tokens, vit.Width);
        Parameter weight = parameters.Weight("patch_embed.proj.weight", vit.Width, vit.Channels, vit.Patch, vit.Patch);
        Parameter? bias = vit.PreNorm ? null : parameters.Bias("patch_embed.proj.bias", vit.Width);
        Func<Value, string, Value>? normalize = vit.PreNorm ? Norm(graph, parameters, vit, "norm_pre") : null;
        Value EmbedPatches(Value x, string name)
        {
            Value matrix = graph.Read(weight.AsMatrix(vit.Width));
            return bias is null ? graph.Multiply(ProductLayout.NT, x, matrix, name) : graph.Linear(x, matrix, graph.ReadRow(bias), name);
        }

        Value patches = graph.Patches(images, vit.Channels, vit.Image, vit.Patch, "patches");
        Value embedded = prompts.Embedded(graph, EmbedPatches(patches, "embedded"));
        Value places = graph.Read(positions.Slice(vit.PrefixTokens * vit.Width, vit.Patches, vit.Width));
        Value positioned = graph.Add(embedded, places, "positioned");
        Value classToken = graph.Add(graph.ReadRow(cls), graph.Read(positions.Slice(0, 1, vit.Width)), "classToken");
        Value tokensOfImage = graph.ConcatRows([classToken, positioned], "tokens");
        return prompts.Enter(graph, new(normalize?.Invoke(tokensOfImage, "normalizedTokens") ?? tokensOfImage, null), EmbedPatches);
    }

    /// <summary>The final normalisation of every segment and then the pool, or the other way round.</summary>
    private static Value Features(GraphBuilder graph, ParameterFactory parameters, VitSpec vit, TokenSequence tokens)
    {
        Func<Value, string, Value> normalize = Norm(graph, parameters, vit, vit.FinalNorm == FinalNorm.AfterPool ? "fc_norm" : "norm");
        if (vit.FinalNorm == FinalNorm.AfterPool)
            return normalize(TokenPooling.Pool(graph, vit, tokens, "pooled"), "features");
        Value[] normalized = tokens.Segments.Select((x, i) => normalize(x, Named(i, "normalized"))).ToArray();
        return TokenPooling.Pool(graph, vit, TokenSequence.From(normalized), "features");
    }

    /// <summary>Declares a normalisation of whole tokens, to be applied under a value's name.</summary>
    private static Func<Value, string, Value> Norm(GraphBuilder graph, ParameterFactory parameters, VitSpec vit, string name)
    {
        Value gamma = graph.ReadRow(parameters.Scale(name + ".weight", vit.Width)),
            beta = graph.ReadRow(parameters.Bias(name + ".bias", vit.Width));
        return (x, normalized) => graph.LayerNorm(x, gamma, beta, vit.Epsilon, normalized);
    }

    private static string Named(int segment, string what) => TokenSequence.Name(segment, what);
}
