namespace VptDsl.EndToEnd.Models;

// Every decoder of SETR on prompted vision transformers.

[Vit(Image = 15, Channels = 1, Patch = 5, Width = 8, Layers = 3, Heads = 2, Mlp = 10)]
[DeepPrompt(Tokens = 2)]
[SegmentationHead(Classes = 3, Decoder = SetrDecoder.Linear)]
internal sealed partial class LinearSegmenter;

[Vit(Image = 18, Channels = 1, Patch = 6, Width = 8, Layers = 3, Heads = 2, Mlp = 10)]
[DeepPrompt(Tokens = 2)]
[SegmentationHead(Classes = 3, Width = 5, IgnoreLabel = 7)]
internal sealed partial class NaiveSegmenter;

[Vit(Image = 32, Channels = 1, Patch = 16, Width = 8, Layers = 2, Heads = 2, Mlp = 10)]
[DeepPrompt(Tokens = 2)]
[SegmentationHead(Classes = 3, Decoder = SetrDecoder.Pup, Width = 4)]
internal sealed partial class PupSegmenter;

/// <summary>Patches that leave room for one enlargement by 2, and for one by 3 at the end.</summary>
[Vit(Image = 18, Channels = 1, Patch = 6, Width = 8, Layers = 2, Heads = 2, Mlp = 10)]
[DeepPrompt(Tokens = 2)]
[SegmentationHead(Classes = 3, Decoder = SetrDecoder.Pup, Width = 4)]
internal sealed partial class OddPupSegmenter;

[Vit(Image = 24, Channels = 1, Patch = 8, Width = 8, Layers = 8, Heads = 2, Mlp = 10)]
[DeepPrompt(Tokens = 2)]
[SegmentationHead(Classes = 3, Decoder = SetrDecoder.Mla, Width = 4)]
internal sealed partial class MlaSegmenter;
