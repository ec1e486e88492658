using VptDsl.Compiler.Graph;
using VptDsl.Compiler.Prompts;
using VptDsl.Compiler.Spec;

namespace VptDsl.Compiler.Backbones;

/// <summary>
/// The vision transformer of Dosovitskiy et al. (2021) and its successors: patch embedding, tokens of its own, positions, pre-norm blocks,
/// final norm, pool. Parameters have timm's names.
/// </summary>
internal static class VisionTransformer
{
    /// <summary>Builds the backbone and returns the features that the head reads, [batch, 1, features].</summary>
    public static Value Build(GraphBuilder graph, ParameterFactory parameters, VitSpec vit, PromptScheme prompts, AddedNetworks added)
    {
        (vit, TokenSequence[] tokens) = Layers(graph, parameters, vit, prompts, added);
        graph.Scope = new("head", -1, Backward: false);
        return Features(graph, parameters, vit, tokens[tokens.Length - 1]);
    }

    /// <summary>
    /// Builds the backbone and returns the patch tokens after some layers, each map [batch, patches, width] through the final norm.
    /// </summary>
    public static Value[] BuildMaps(
        GraphBuilder graph, ParameterFactory parameters, VitSpec vit, PromptScheme prompts, AddedNetworks added, IReadOnlyList<int> layers)
    {
        (vit, TokenSequence[] tokens) = Layers(graph, parameters, vit, prompts, added);
        graph.Scope = new("head", -1, Backward: false);
        TokenNorm norm = Norm(graph, parameters, vit, "norm");
        return layers.Select(layer =>
        {
            // Prompts may stand inside the sequence, but always before the patches.
            Value normalized = norm.Apply(tokens[layer].Image, "normalized");
            return graph.Rows(normalized, normalized.Shape.Rows - vit.Patches, vit.Patches, "features");
        }).ToArray();
    }

    /// <summary>The tokens after each layer, and the backbone for the images as prompts leave them.</summary>
    private static (VitSpec Vit, TokenSequence[] Tokens) Layers(
        GraphBuilder graph, ParameterFactory parameters, VitSpec vit, PromptScheme prompts, AddedNetworks added)
    {
        graph.Scope = new("embedding", -1, Backward: false);
        (Value images, PlaneSize size) = prompts.Images(graph, parameters, vit);
        vit = vit with { Image = size };
        TokenSequence tokens = TokenEmbedding.Build(graph, parameters, vit, images, prompts);
        var rotary = RotaryPositions.Declare(graph, parameters, vit);
        var after = new TokenSequence[vit.Layers];
        for (int layer = 0; layer < vit.Layers; layer++)
        {
            graph.Scope = new("block", layer, Backward: false);
            after[layer] = tokens = prompts.RunLayer(
                graph, layer, tokens, new VitBlock(graph, parameters, vit, rotary, added, layer));
        }

        return (vit, after);
    }

    /// <summary>The final normalisation of every segment and then the pool, or the other way round.</summary>
    private static Value Features(GraphBuilder graph, ParameterFactory parameters, VitSpec vit, TokenSequence tokens)
    {
        TokenNorm norm = Norm(graph, parameters, vit, vit.FinalNorm == FinalNorm.AfterPool ? "fc_norm" : "norm");
        var pooling = new TokenPooling(graph, parameters, vit);
        if (vit.FinalNorm == FinalNorm.AfterPool)
            return norm.Apply(pooling.Pool(tokens, "pooled"), "features");
        Value[] normalized = tokens.Segments.Select((x, i) => norm.Apply(x, TokenSequence.Name(i, "normalized"))).ToArray();
        return pooling.Pool(TokenSequence.From(normalized), "features");
    }

    private static TokenNorm Norm(GraphBuilder graph, ParameterFactory parameters, VitSpec vit, string name) =>
        TokenNorm.Declare(graph, parameters, name, vit.Width, vit.Epsilon);
}
