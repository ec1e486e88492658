using VptDsl;
using VptDsl.Prompts;

namespace Successors.Models;

/// <summary>
/// Gated prompts: they enter before the first layer, and behind each layer a learned gate says how much of what the layer made of them
/// they keep (Yoo et al., "Improving Visual Prompt Tuning for Self-supervised Vision Transformers", ICML 2023) — without that paper's
/// learned temperatures of attention.
/// </summary>
[Vit(Width = 128, Layers = 6, Heads = 4, Mlp = 512, Patch = 4, Image = 28, Channels = 1)]
[LinearHead(Classes = 10)]
internal sealed partial class GatedPrompts
{
    [PromptMethod]
    internal static void Prompt(PromptedLayer layer)
    {
        if (layer.Index == 0)
            layer.Prompts = layer.Parameter("prompts", rows: 10);
        Tokens before = layer.Prompts;
        layer.Run();

        // The head reads the class token: behind the last layer, nothing looks at prompts any more.
        if (layer.Index < layer.Count - 1)
            layer.Prompts = Tokens.Blend(layer.Parameter("gate", value: 0, columns: 1), layer.Prompts, before);
    }
}
