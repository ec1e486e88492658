using VptDsl;

namespace Study.Models;

/// <summary>Everything is trained, for each task anew.</summary>
[Vit(Width = 128, Layers = 6, Heads = 4, Mlp = 512, Patch = 4, Image = 28, Channels = 1)]
[TrainEverything]
[LinearHead(Classes = 10)]
internal sealed partial class Full : IDeclared<Full>;

/// <summary>A linear head on the frozen backbone.</summary>
[Vit(Width = 128, Layers = 6, Heads = 4, Mlp = 512, Patch = 4, Image = 28, Channels = 1)]
[LinearHead(Classes = 10)]
internal sealed partial class Linear : IDeclared<Linear>;

/// <summary>The last layer, the norm after it and the head.</summary>
[Vit(Width = 128, Layers = 6, Heads = 4, Mlp = 512, Patch = 4, Image = 28, Channels = 1)]
[TrainLastLayers(1)]
[LinearHead(Classes = 10)]
internal sealed partial class PartialOne : IDeclared<PartialOne>;

/// <summary>A classifier of three layers.</summary>
[Vit(Width = 128, Layers = 6, Heads = 4, Mlp = 512, Patch = 4, Image = 28, Channels = 1)]
[MlpHead(Classes = 10)]
internal sealed partial class MlpThree : IDeclared<MlpThree>;

/// <summary>A small network beside the backbone, and the blend of both.</summary>
[Vit(Width = 128, Layers = 6, Heads = 4, Mlp = 512, Patch = 4, Image = 28, Channels = 1)]
[SideNetwork(Width = 64, Patch = 7)]
[LinearHead(Classes = 10)]
internal sealed partial class Sidetune : IDeclared<Sidetune>;

/// <summary>Every bias of the backbone, and the head.</summary>
[Vit(Width = 128, Layers = 6, Heads = 4, Mlp = 512, Patch = 4, Image = 28, Channels = 1)]
[TrainBiases]
[LinearHead(Classes = 10)]
internal sealed partial class Bias : IDeclared<Bias>;

/// <summary>A bottleneck after the MLP of every layer.</summary>
[Vit(Width = 128, Layers = 6, Heads = 4, Mlp = 512, Patch = 4, Image = 28, Channels = 1)]
[Adapter(Reduction = 8)]
[LinearHead(Classes = 10)]
internal sealed partial class Adapters : IDeclared<Adapters>;

/// <summary>Ten prompts before the first layer.</summary>
[Vit(Width = 128, Layers = 6, Heads = 4, Mlp = 512, Patch = 4, Image = 28, Channels = 1)]
[ShallowPrompt(Tokens = 10)]
[LinearHead(Classes = 10)]
internal sealed partial class VptShallow : IDeclared<VptShallow>;

/// <summary>Ten fresh prompts before every layer.</summary>
[Vit(Width = 128, Layers = 6, Heads = 4, Mlp = 512, Patch = 4, Image = 28, Channels = 1)]
[DeepPrompt(Tokens = 10)]
[LinearHead(Classes = 10)]
internal sealed partial class VptDeep : IDeclared<VptDeep>;
