using VptDsl;

namespace TaskServer;

/// <summary>What every task is: ten fresh prompts before every layer of QuickStart's backbone, and a head of ten classes.</summary>
[Vit(Width = 128, Layers = 6, Heads = 4, Mlp = 512, Patch = 4, Image = 28, Channels = 1)]
[DeepPrompt(Tokens = 10)]
[LinearHead(Classes = 10)]
internal sealed partial class ServedModel;
