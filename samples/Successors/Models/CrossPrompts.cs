using VptDsl;
using VptDsl.Prompts;

namespace Successors.Models;

/// <summary>
/// Cross-attention prompts: prompts stay out of the sequence; between a layer's attention and its MLP, the image's tokens attend to them
/// with the layer's own weights, and what comes out is added (CVPT, Huang et al., arXiv 2408.14961).
/// </summary>
[Vit(Width = 128, Layers = 6, Heads = 4, Mlp = 512, Patch = 4, Image = 28, Channels = 1)]
[LinearHead(Classes = 10)]
internal sealed partial class CrossPrompts
{
    [PromptMethod]
    internal static void Prompt(PromptedLayer layer)
    {
        layer.RunAttention();
        Tokens queries = layer.Query(layer.Normalize(layer.Tokens));
        Tokens prompts = layer.Parameter("prompts", rows: 10);
        Tokens attended = layer.Attend(queries, layer.Key(prompts), layer.Value(prompts));
        layer.Tokens += layer.Project(attended);
    }
}
