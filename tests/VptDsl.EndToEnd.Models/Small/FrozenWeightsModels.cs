namespace VptDsl.EndToEnd.Models;

/// <summary>A model whose frozen weights memory holds as they are.</summary>
[Vit(Image = 12, Channels = 3, Patch = 4, Width = 16, Layers = 3, Heads = 2, Mlp = 40)]
[DeepPrompt(Tokens = 3)]
[LinearHead(Classes = 4)]
internal sealed partial class WholeWeights;

/// <summary><see cref="WholeWeights"/> in half the memory.</summary>
[Vit(Image = 12, Channels = 3, Patch = 4, Width = 16, Layers = 3, Heads = 2, Mlp = 40)]
[DeepPrompt(Tokens = 3)]
[LinearHead(Classes = 4)]
[FrozenWeights(WeightStorage.BFloat16)]
internal sealed partial class HalfWeights;
