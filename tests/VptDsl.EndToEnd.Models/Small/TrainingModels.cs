namespace VptDsl.EndToEnd.Models;

// What tests of training and files need beside the models that differ in everything.

/// <summary><see cref="OddProbe"/> with two more layers.</summary>
[Vit(Image = 15, Channels = 1, Patch = 5, Width = 11, Layers = 5, Heads = 1, Mlp = 23)]
[LinearHead(Classes = 3)]
internal sealed partial class DeeperProbe;

/// <summary><see cref="OddProbe"/> with prompts.</summary>
[Vit(Image = 15, Channels = 1, Patch = 5, Width = 11, Layers = 3, Heads = 1, Mlp = 23)]
[DeepPrompt(Tokens = 2, Layers = "1..")]
[LinearHead(Classes = 6)]
internal sealed partial class PromptedProbe;

/// <summary><see cref="DeeperProbe"/> with as many heads as its width allows: every tensor has the same shape.</summary>
[Vit(Image = 15, Channels = 1, Patch = 5, Width = 11, Layers = 5, Heads = 11, Mlp = 23)]
[LinearHead(Classes = 3)]
internal sealed partial class ManyHeads;

/// <summary>The backbone of <see cref="SwinEnd2end"/> with prompts in every block.</summary>
[Swin(Image = 32, Patch = 4, Width = 12, Depths = "2,2", Heads = "2,4", Window = 4)]
[DeepPrompt(Tokens = 4)]
[LinearHead(Classes = 5)]
internal sealed partial class SwinPrompted;

[Vit(Image = 12, Patch = 4, Width = 8, Layers = 2, Heads = 2, Mlp = 10)]
[DeepPrompt(Tokens = 2)]
[SegmentationHead(Classes = 4, Width = 6)]
internal sealed partial class ColourSegmenter;
