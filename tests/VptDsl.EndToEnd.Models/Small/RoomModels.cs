namespace VptDsl.EndToEnd.Models;

// Models that have room for more classes than others that are the same but for it.

/// <summary><see cref="OddProbe"/>.</summary>
[Vit(Image = 15, Channels = 1, Patch = 5, Width = 11, Layers = 3, Heads = 1, Mlp = 23)]
[LinearHead]
internal sealed partial class RoomyProbe;

/// <summary><see cref="PrimeDeep"/>.</summary>
[Vit(Image = 21, Channels = 3, Patch = 7, Width = 33, Layers = 4, Heads = 3, Mlp = 37)]
[DeepPrompt(Tokens = 5)]
[LinearHead(Classes = 20)]
internal sealed partial class RoomyDeep;

/// <summary><see cref="Everything"/>.</summary>
[Vit(Image = 10, Channels = 1, Patch = 2, Width = 15, Layers = 3, Heads = 5, Mlp = 47)]
[TrainEverything]
[LinearHead(Classes = 8)]
internal sealed partial class RoomyEverything;

/// <summary><see cref="SideBeside"/>.</summary>
[Vit(Image = 12, Channels = 1, Patch = 3, Width = 9, Layers = 2, Heads = 3, Mlp = 11)]
[SideNetwork(Width = 5, Patch = 6)]
[LinearHead(Classes = 9)]
internal sealed partial class RoomySide;

[Vit(Image = 15, Channels = 1, Patch = 5, Width = 11, Layers = 3, Heads = 1, Mlp = 23)]
[ShallowPrompt(Tokens = 2)]
[MlpHead(Classes = 3, Layers = 3)]
internal sealed partial class OddMlp;

/// <summary><see cref="OddMlp"/>.</summary>
[Vit(Image = 15, Channels = 1, Patch = 5, Width = 11, Layers = 3, Heads = 1, Mlp = 23)]
[ShallowPrompt(Tokens = 2)]
[MlpHead(Classes = 12, Layers = 3)]
internal sealed partial class RoomyMlp;

/// <summary><see cref="LinearSegmenter"/>.</summary>
[Vit(Image = 15, Channels = 1, Patch = 5, Width = 8, Layers = 3, Heads = 2, Mlp = 10)]
[DeepPrompt(Tokens = 2)]
[SegmentationHead(Classes = 9, Decoder = SetrDecoder.Linear)]
internal sealed partial class RoomyLinearSegmenter;

/// <summary><see cref="NaiveSegmenter"/>.</summary>
[Vit(Image = 18, Channels = 1, Patch = 6, Width = 8, Layers = 3, Heads = 2, Mlp = 10)]
[DeepPrompt(Tokens = 2)]
[SegmentationHead(Classes = 7, Width = 5, IgnoreLabel = 7)]
internal sealed partial class RoomyNaiveSegmenter;
