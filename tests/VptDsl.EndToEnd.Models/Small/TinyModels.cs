namespace VptDsl.EndToEnd.Models;

// Small models that differ in everything a declaration can say, with sizes that no vector, tile or cache line divides.

[Vit(Image = 15, Channels = 1, Patch = 5, Width = 11, Layers = 3, Heads = 1, Mlp = 23)]
[LinearHead(Classes = 3)]
internal sealed partial class OddProbe;

[Vit(Image = 14, Channels = 3, Patch = 7, Width = 13, Layers = 3, Heads = 1, Mlp = 19)]
[ShallowPrompt(Tokens = 7)]
[LinearHead(Classes = 5)]
internal sealed partial class OddShallow;

[Vit(Image = 21, Channels = 3, Patch = 7, Width = 33, Layers = 4, Heads = 3, Mlp = 37)]
[DeepPrompt(Tokens = 5)]
[LinearHead(Classes = 7)]
internal sealed partial class PrimeDeep;

/// <summary>As many patches as a square has, and no square.</summary>
[Vit(ImageHeight = 6, ImageWidth = 40, Channels = 3, PatchHeight = 3, PatchWidth = 5, Width = 22, Layers = 3, Heads = 2, Mlp = 37)]
[DeepPrompt(Tokens = 3)]
[LoRA(Rank = 2)]
[LinearHead(Classes = 4)]
internal sealed partial class WideImages;

/// <summary><see cref="PrimeDeep"/> with fewer activations in memory.</summary>
[Vit(Image = 21, Channels = 3, Patch = 7, Width = 33, Layers = 4, Heads = 3, Mlp = 37)]
[DeepPrompt(Tokens = 5)]
[Recompute]
[LinearHead(Classes = 7)]
internal sealed partial class PrimeDeepAgain;

[Vit(Image = 12, Channels = 2, Patch = 4, Width = 22, Layers = 5, Heads = 2, Mlp = 41)]
[DeepPrompt(Tokens = 3, Layers = "^2..")]
[LinearHead(Classes = 2)]
internal sealed partial class LateDeep;

[Vit(Image = 12, Channels = 1, Patch = 3, Width = 18, Layers = 4, Heads = 3, Mlp = 29)]
[DeepPrompt(Tokens = 11, Layers = "..1", After = PromptFlow.Drop)]
[LinearHead(Classes = 3)]
internal sealed partial class EarlyDropped;

[Vit(Image = 10, Channels = 3, Patch = 5, Width = 20, Layers = 5, Heads = 4, Mlp = 31)]
[DeepPrompt(Tokens = 2, Layers = "1,3")]
[LinearHead(Classes = 4)]
internal sealed partial class ScatteredCarried;

[Vit(Image = 8, Channels = 1, Patch = 8, Width = 6, Layers = 1, Heads = 2, Mlp = 3)]
[DeepPrompt(Tokens = 1)]
[LinearHead(Classes = 2)]
internal sealed partial class OnePatch;

[Vit(Image = 9, Channels = 3, Patch = 3, Width = 14, Layers = 2, Heads = 2, Mlp = 17)]
[DeepPrompt(Tokens = 3)]
[TrainEverything]
[LinearHead(Classes = 3)]
internal sealed partial class EverythingPrompted;

[Vit(Image = 10, Channels = 1, Patch = 2, Width = 15, Layers = 3, Heads = 5, Mlp = 47)]
[TrainEverything]
[LinearHead(Classes = 3)]
internal sealed partial class Everything;

[Vit(Image = 12, Channels = 3, Patch = 4, Width = 10, Layers = 2, Heads = 2, Mlp = 7)]
[DeepPrompt(Tokens = 3, Draw = PromptDraw.ClassToken)]
[LinearHead(Classes = 3)]
internal sealed partial class FromClassToken;

[Vit(Image = 12, Channels = 1, Patch = 3, Width = 9, Layers = 2, Heads = 3, Mlp = 11)]
[SideNetwork(Width = 5, Patch = 6)]
[LinearHead(Classes = 3)]
internal sealed partial class SideBeside;

/// <summary>Large enough for every routine to be cut into items for several threads.</summary>
[Vit(Image = 40, Channels = 3, Patch = 8, Width = 96, Layers = 3, Heads = 3, Mlp = 384)]
[DeepPrompt(Tokens = 17)]
[LinearHead(Classes = 10)]
internal sealed partial class WideDeep;
