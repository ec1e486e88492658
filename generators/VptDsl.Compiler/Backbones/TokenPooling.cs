using VptDsl.Compiler.Graph;
using VptDsl.Compiler.Spec;

namespace VptDsl.Compiler.Backbones;

/// <summary>What the head reads of the last layer's tokens: one of them, a mean, both, or what a query finds among them.</summary>
internal sealed class TokenPooling(GraphBuilder graph, ParameterFactory parameters, VitSpec vit)
{
    /// <summary>[batch, 1, features].</summary>
    /// <remarks>Prompts may be a segment of their own, or stand between what is no patch and the patches.</remarks>
    public Value Pool(TokenSequence tokens, string name)
    {
        Value image = tokens.Image;
        Value[] apart = tokens.Prompts is { } segment ? [segment] : [];
        return vit.Pool switch
        {
            TokenPool.ClassToken => graph.Rows(image, 0, 1, name),
            TokenPool.ImageTokens => Mean(name, Patches(image)),
            TokenPool.Prompts => Mean(name, [.. PromptsInside(image), .. apart]),
            TokenPool.AllButClass => Mean(name, [graph.Rows(image, 1, image.Shape.Rows - 1, "tokensButClass"), .. apart]),
            TokenPool.All => Mean(name, [image, .. apart]),
            TokenPool.ClassAndImage => graph.ConcatColumns(
                [graph.Rows(image, 0, 1, "classFeatures"), Mean("imageFeatures", Patches(image))], name),
            TokenPool.Attention => AttentionPool.Build(graph, parameters, vit, Patches(image), name),
            _ => throw new InvalidOperationException($"The pool {vit.Pool} has no rule."),
        };
    }

    private Value Patches(Value image) => graph.Rows(image, image.Shape.Rows - vit.Patches, vit.Patches, "imageTokens");

    private Value[] PromptsInside(Value image)
    {
        int count = image.Shape.Rows - vit.PrefixTokens - vit.Patches;
        return count == 0 ? [] : [graph.Rows(image, vit.PrefixTokens, count, "pooledPrompts")];
    }

    private Value Mean(string name, params Value[] parts) => graph.MeanRows(graph.ConcatRows(parts, "pooledTokens"), name);
}
