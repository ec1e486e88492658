namespace VptDsl.Serving.Tests;

/// <summary>Prompts in every layer, on images of 8×8 grey pixels.</summary>
[Vit(Image = 8, Channels = 1, Patch = 4, Width = 16, Layers = 2, Heads = 2, Mlp = 24)]
[DeepPrompt(Tokens = 2)]
[LinearHead(Classes = 3)]
internal sealed partial class TinyModel;

/// <summary>The same backbone and prompts, for images that can have several classes.</summary>
[Vit(Image = 8, Channels = 1, Patch = 4, Width = 16, Layers = 2, Heads = 2, Mlp = 24)]
[DeepPrompt(Tokens = 2)]
[LinearHead(Classes = 4, MultiLabel = true)]
internal sealed partial class TinyTags;

/// <summary>The same backbone and prompts, for the classes of pixels.</summary>
[Vit(Image = 8, Channels = 1, Patch = 4, Width = 16, Layers = 2, Heads = 2, Mlp = 24)]
[DeepPrompt(Tokens = 2)]
[SegmentationHead(Classes = 3, Decoder = SetrDecoder.Linear)]
internal sealed partial class TinySegmenter;
