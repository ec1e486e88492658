using VptDsl.Prompts;

namespace VptDsl.EndToEnd.Models;

// Small models whose prompts are methods of their own.

[Vit(Image = 12, Channels = 1, Patch = 4, Width = 18, Layers = 3, Heads = 3, Mlp = 23)]
[LinearHead(Classes = 3)]
internal sealed partial class OpenKeyValue
{
    [PromptMethod]
    internal static void Prompt(PromptedLayer layer)
    {
        layer.Prompts = layer.Parameter("prompts", rows: 3);
        layer.RunAttention(layer.Parameter("keys", rows: 5), layer.Parameter("values", rows: 5));
    }
}

[Vit(Image = 12, Channels = 1, Patch = 4, Width = 18, Layers = 3, Heads = 3, Mlp = 23)]
[LinearHead(Classes = 3)]
internal sealed partial class OpenGated
{
    [PromptMethod]
    internal static void Prompt(PromptedLayer layer)
    {
        if (layer.Index == 0)
            layer.Prompts = layer.Parameter("prompts", rows: 3);
        Tokens before = layer.Prompts;
        layer.Run();
        if (layer.Index < layer.Count - 1)
            layer.Prompts = Tokens.Blend(layer.Parameter("gate", value: 0.5, columns: 1), layer.Prompts, before);
    }
}

[Vit(Image = 12, Channels = 1, Patch = 4, Width = 18, Layers = 3, Heads = 3, Mlp = 23)]
[LinearHead(Classes = 3)]
internal sealed partial class OpenCross
{
    [PromptMethod]
    internal static void Prompt(PromptedLayer layer)
    {
        layer.RunAttention();
        Tokens prompts = layer.Parameter("prompts", rows: 4);
        Tokens attended = layer.Attend(layer.Query(layer.Normalize(layer.Tokens)), layer.Key(prompts), layer.Value(prompts));
        layer.Tokens += layer.Project(attended);
    }
}
