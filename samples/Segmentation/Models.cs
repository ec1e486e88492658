using VptDsl;

namespace Segmentation;

/// <summary>The frozen backbone and a linear layer on each patch token: what prompts and decoders have to beat.</summary>
[Vit(Width = 128, Layers = 6, Heads = 4, Mlp = 512, Patch = 4, Image = SceneRenderer.Side, Channels = 1)]
[SegmentationHead(Classes = SceneRenderer.Classes, Decoder = SetrDecoder.Linear)]
internal sealed partial class LinearScenes;

/// <summary>Prompts alone: the same linear layer, on tokens that ten prompts in every layer have changed.</summary>
[Vit(Width = 128, Layers = 6, Heads = 4, Mlp = 512, Patch = 4, Image = SceneRenderer.Side, Channels = 1)]
[DeepPrompt(Tokens = 10)]
[SegmentationHead(Classes = SceneRenderer.Classes, Decoder = SetrDecoder.Linear)]
internal sealed partial class PromptedLinearScenes;

/// <summary>A decoder alone, which aggregates the tokens of four layers of the frozen backbone.</summary>
[Vit(Width = 128, Layers = 6, Heads = 4, Mlp = 512, Patch = 4, Image = SceneRenderer.Side, Channels = 1)]
[SegmentationHead(Classes = SceneRenderer.Classes, Decoder = SetrDecoder.Mla, Width = 48)]
internal sealed partial class MlaScenes;

/// <summary>Prompts and a decoder of two 1×1 convolutions.</summary>
[Vit(Width = 128, Layers = 6, Heads = 4, Mlp = 512, Patch = 4, Image = SceneRenderer.Side, Channels = 1)]
[DeepPrompt(Tokens = 10)]
[SegmentationHead(Classes = SceneRenderer.Classes, Decoder = SetrDecoder.Naive, Width = 48)]
internal sealed partial class PromptedNaiveScenes;

/// <summary>Prompts and progressive upsampling.</summary>
[Vit(Width = 128, Layers = 6, Heads = 4, Mlp = 512, Patch = 4, Image = SceneRenderer.Side, Channels = 1)]
[DeepPrompt(Tokens = 10)]
[SegmentationHead(Classes = SceneRenderer.Classes, Decoder = SetrDecoder.Pup, Width = 48)]
internal sealed partial class PromptedPupScenes;

/// <summary>Prompts and a decoder that aggregates the tokens of four layers.</summary>
[Vit(Width = 128, Layers = 6, Heads = 4, Mlp = 512, Patch = 4, Image = SceneRenderer.Side, Channels = 1)]
[DeepPrompt(Tokens = 10)]
[SegmentationHead(Classes = SceneRenderer.Classes, Decoder = SetrDecoder.Mla, Width = 48)]
internal sealed partial class PromptedMlaScenes;
