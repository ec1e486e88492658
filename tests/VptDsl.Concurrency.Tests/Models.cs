namespace VptDsl.Concurrency.Tests;

/// <summary>Prompts in every layer: a step computes everything.</summary>
[Vit(Image = 8, Channels = 1, Patch = 4, Width = 16, Layers = 2, Heads = 2, Mlp = 24)]
[DeepPrompt(Tokens = 2)]
[LinearHead(Classes = 3)]
internal sealed partial class DeepModel;

/// <summary>A linear probe: what the frozen layers make of an image is kept.</summary>
[Vit(Image = 8, Channels = 1, Patch = 4, Width = 24, Layers = 2, Heads = 2, Mlp = 32)]
[LinearHead(Classes = 3)]
internal sealed partial class LinearModel;

/// <summary>Prompts before the first layer, of another width than the others'.</summary>
[Vit(Image = 8, Channels = 1, Patch = 4, Width = 40, Layers = 1, Heads = 4, Mlp = 40)]
[ShallowPrompt(Tokens = 3)]
[LinearHead(Classes = 3)]
internal sealed partial class ShallowModel;

/// <summary>The class of each pixel.</summary>
[Vit(Image = 8, Patch = 4, Width = 8, Layers = 2, Heads = 2, Mlp = 12)]
[DeepPrompt(Tokens = 2)]
[SegmentationHead(Classes = 3, Width = 4)]
internal sealed partial class Segmenter;
