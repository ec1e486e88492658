using VptDsl.Compiler.Graph;
using VptDsl.Compiler.Graph.Operations;
using VptDsl.Compiler.Prompts;
using VptDsl.Compiler.Spec;

namespace VptDsl.Compiler.Backbones;

/// <summary>
/// The Swin transformer of Liu et al. (2021): attention inside windows, every second block with shifted ones, and stages between which
/// 2 × 2 neighbours become one token of twice the width. Parameters have the names of its authors' code.
/// </summary>
/// <remarks>
/// Prompts as in the public code of VPT, image by image: each window attends to all prompts, which have neither position nor mask;
/// prompts attend in each window, and their outputs are averaged over the windows. Between stages a prompt is repeated four times
/// and goes through the same norm and reduction as patches. The features are the mean over all tokens, prompts included.
/// </remarks>
internal static class Swin
{
    /// <summary>Builds the backbone and returns the features that the head reads, [batch, 1, width].</summary>
    public static Value Build(GraphBuilder graph, ParameterFactory parameters, SwinSpec swin, PromptScheme prompts)
    {
        graph.Scope = new("embedding", -1, Backward: false);
        (Value images, PlaneSize size) = prompts.Images(graph, parameters, swin);
        swin = swin with { Image = size };
        var tokens = new TokenSequence(Embed(graph, parameters, swin, images, prompts), null);
        for (int stage = 0, layer = 0; stage < swin.Depths.Count; stage++)
        {
            for (int block = 0; block < swin.Depths[stage]; block++, layer++)
            {
                // Blocks with and without a shift alternate: two of them are what repeats.
                graph.Scope = new($"stage{stage + 1}Pair", block / 2, Backward: false);
                int window = swin.StageWindow(stage);
                var grid = new WindowGrid(swin.Side(stage), window, block % 2 == 1 && swin.Side(stage) > window ? window / 2 : 0);
                tokens = prompts.BeforeLayer(graph, layer, tokens);
                tokens = new SwinBlock(graph, parameters, swin.StageWidth(stage), swin.Heads[stage], grid)
                    .Build($"layers.{stage}.blocks.{block}", tokens);
            }

            graph.Scope = new($"merging{stage + 1}", -1, Backward: false);
            if (stage + 1 < swin.Depths.Count)
                tokens = Merge(graph, parameters, swin, stage, tokens);
        }

        graph.Scope = new("head", -1, Backward: false);
        Value gamma = graph.ReadRow(parameters.Scale("norm.weight", swin.FeatureWidth)),
            beta = graph.ReadRow(parameters.Bias("norm.bias", swin.FeatureWidth));
        Value all = graph.ConcatRows(
            tokens.Segments.Select((x, i) => graph.LayerNorm(x, gamma, beta, SwinSpec.Epsilon, Named(i, "normalized"))).ToArray(),
            "allNormalized");
        return graph.MeanRows(all, "features");
    }

    /// <summary>A name for a segment's value.</summary>
    internal static string Named(int segment, string what) =>
        segment == 0 ? what : "prompt" + char.ToUpperInvariant(what[0]) + what.Substring(1);

    private static Value Embed(GraphBuilder graph, ParameterFactory parameters, SwinSpec swin, Value images, PromptScheme prompts)
    {
        Parameter weight = parameters.Weight("patch_embed.proj.weight", swin.Width, swin.Channels, swin.Patch, swin.Patch);
        Parameter bias = parameters.Bias("patch_embed.proj.bias", swin.Width);
        Parameter gamma = parameters.Scale("patch_embed.norm.weight", swin.Width),
            beta = parameters.Bias("patch_embed.norm.bias", swin.Width);
        Value patches = graph.Patches(images, swin.Channels, swin.Image, swin.Patch, "patches");
        Value embedded = graph.Linear(patches, graph.Read(weight.AsMatrix(swin.Width)), graph.ReadRow(bias), "embedded");
        return graph.LayerNorm(prompts.Embedded(graph, embedded), graph.ReadRow(gamma), graph.ReadRow(beta), SwinSpec.Epsilon, "tokens");
    }

    private static TokenSequence Merge(GraphBuilder graph, ParameterFactory parameters, SwinSpec swin, int stage, TokenSequence tokens)
    {
        string name = $"layers.{stage}.downsample";
        int width = swin.StageWidth(stage), side = swin.Side(stage);
        Parameter reduction = parameters.Weight(name + ".reduction.weight", 2 * width, 4 * width);
        Value gamma = graph.ReadRow(parameters.Scale(name + ".norm.weight", 4 * width)),
            beta = graph.ReadRow(parameters.Bias(name + ".norm.bias", 4 * width));
        Value weight = graph.Read(reduction.AsMatrix(2 * width));
        var parts = TokenParts.Of(graph, tokens.Segments, side * side);
        TokenParts merged = parts with
        {
            Patches = graph.One(new MergeNeighbours(side), [parts.Patches], "merged"),
            Prompts = parts.Prompts is { } p ? graph.ConcatColumns([p, p, p, p], "promptMerged") : null,
        };
        return TokenSequence.From(merged.ToSegments(graph).Select((x, i) =>
        {
            Value normalized = graph.LayerNorm(x, gamma, beta, SwinSpec.Epsilon, Named(i, "mergedNormalized"));
            return graph.Multiply(ProductLayout.NT, normalized, weight, Named(i, "tokens"));
        }).ToArray());
    }
}
