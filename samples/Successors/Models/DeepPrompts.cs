using VptDsl;

namespace Successors.Models;

/// <summary>VPT-deep, built in: what the others have to be compared with.</summary>
[Vit(Width = 128, Layers = 6, Heads = 4, Mlp = 512, Patch = 4, Image = 28, Channels = 1)]
[DeepPrompt(Tokens = 10)]
[LinearHead(Classes = 10)]
internal sealed partial class DeepPrompts;
