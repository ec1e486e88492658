namespace VptDsl.Parallel.Tests;

/// <summary>Prompts in every layer: a step computes everything.</summary>
[Vit(Image = 8, Channels = 1, Patch = 4, Width = 16, Layers = 2, Heads = 2, Mlp = 24)]
[DeepPrompt(Tokens = 2, Dropout = 0.2)]
[LinearHead(Classes = 5)]
internal sealed partial class DeepModel;

/// <summary>Prompts in the last layer: what the one below makes of an image is kept.</summary>
[Vit(Image = 8, Channels = 1, Patch = 4, Width = 16, Layers = 2, Heads = 2, Mlp = 24)]
[DeepPrompt(Tokens = 2, Layers = "1")]
[LinearHead(Classes = 3)]
internal sealed partial class LateModel;

/// <summary>A head with batch normalisation, which measures as it trains.</summary>
[Vit(Image = 8, Channels = 1, Patch = 4, Width = 16, Layers = 1, Heads = 2, Mlp = 24)]
[ShallowPrompt(Tokens = 2)]
[MlpHead(Classes = 3, Layers = 2)]
internal sealed partial class MeasuringModel;

/// <summary>The class of each pixel.</summary>
[Vit(Image = 8, Channels = 1, Patch = 4, Width = 8, Layers = 2, Heads = 2, Mlp = 12)]
[DeepPrompt(Tokens = 2)]
[SegmentationHead(Classes = 3, Width = 4)]
internal sealed partial class PixelModel;

/// <summary>Prompts that are drawn and stay as they are.</summary>
[Vit(Image = 8, Channels = 1, Patch = 4, Width = 16, Layers = 2, Heads = 2, Mlp = 24)]
[ShallowPrompt(Tokens = 2, Frozen = true)]
[LinearHead(Classes = 3)]
internal sealed partial class FrozenPromptModel;
