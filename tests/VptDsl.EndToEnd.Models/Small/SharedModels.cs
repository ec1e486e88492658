namespace VptDsl.EndToEnd.Models;

/// <summary>What two models share; one of them has nothing else.</summary>
[Vit(Image = 12, Channels = 1, Patch = 4, Width = 8, Layers = 2, Heads = 2, Mlp = 10)]
[DeepPrompt(Tokens = 2)]
[LinearHead(Classes = 3)]
internal abstract partial class SharedBackbone;

internal sealed partial class SharedPlain : SharedBackbone;

[ShallowPrompt(Tokens = 3)]
[LinearHead(Classes = 5)]
internal sealed partial class SharedShallow : SharedBackbone;
