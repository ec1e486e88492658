using VptDsl.Compiler.Graph;
using VptDsl.Compiler.Spec;

namespace VptDsl.Compiler.Backbones;

/// <summary>What the head reads of the last layer's tokens: one of them, or a mean.</summary>
internal static class TokenPooling
{
    /// <summary>[batch, 1, width].</summary>
    /// <remarks>Prompts may be a segment of their own, or stand between class token and patches.</remarks>
    public static Value Pool(GraphBuilder graph, VitSpec vit, TokenSequence tokens, string name)
    {
        Value image = tokens.Image;
        int promptsInside = image.Shape.Rows - vit.PrefixTokens - vit.Patches;
        Value[] prompts =
        [
            .. promptsInside > 0 ? new[] { graph.Rows(image, vit.PrefixTokens, promptsInside, "pooledPrompts") } : [],
            .. tokens.Prompts is { } apart ? new[] { apart } : [],
        ];
        return vit.Pool switch
        {
            TokenPool.ClassToken => graph.Rows(image, 0, 1, name),
            TokenPool.ImageTokens => Mean(graph.Rows(image, image.Shape.Rows - vit.Patches, vit.Patches, "imageTokens")),
            TokenPool.Prompts => Mean(prompts),
            TokenPool.AllButClass => Mean([graph.Rows(image, 1, image.Shape.Rows - 1, "tokensButClass"), .. Apart()]),
            TokenPool.All => Mean([image, .. Apart()]),
            _ => throw new ArgumentOutOfRangeException(nameof(vit), vit.Pool, "This pool has no rule."),
        };

        Value[] Apart() => tokens.Prompts is { } segment ? [segment] : [];

        Value Mean(params Value[] parts) => graph.MeanRows(graph.ConcatRows(parts, "pooledTokens"), name);
    }
}
