using VptDsl;
using VptDsl.Prompts;

namespace Successors.Models;

/// <summary>
/// Key-value prompts: every attention looks at further learned keys and values, which ask nothing themselves; beside them, prompts as in
/// VPT-deep. E²VPT (Han et al., ICCV 2023) without its pruning of prompts after a first training.
/// </summary>
[Vit(Width = 128, Layers = 6, Heads = 4, Mlp = 512, Patch = 4, Image = 28, Channels = 1)]
[LinearHead(Classes = 10)]
internal sealed partial class KeyValuePrompts
{
    [PromptMethod]
    internal static void Prompt(PromptedLayer layer)
    {
        layer.Prompts = layer.Parameter("prompts", rows: 5);
        Tokens keys = layer.Parameter("keys", rows: 5);
        Tokens values = layer.Parameter("values", rows: 5);
        layer.RunAttention(keys, values);
    }
}
