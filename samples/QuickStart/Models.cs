using VptDsl;

namespace QuickStart;

/// <summary>The frozen backbone and a linear head: what prompts have to beat.</summary>
[Vit(Width = 128, Layers = 6, Heads = 4, Mlp = 512, Patch = 4, Image = 28, Channels = 1)]
[LinearHead(Classes = 10)]
internal sealed partial class LinearDigits;

/// <summary>Ten prompts before the first layer.</summary>
[Vit(Width = 128, Layers = 6, Heads = 4, Mlp = 512, Patch = 4, Image = 28, Channels = 1)]
[ShallowPrompt(Tokens = 10)]
[LinearHead(Classes = 10)]
internal sealed partial class ShallowDigits;

/// <summary>Ten fresh prompts before every layer.</summary>
[Vit(Width = 128, Layers = 6, Heads = 4, Mlp = 512, Patch = 4, Image = 28, Channels = 1)]
[DeepPrompt(Tokens = 10)]
[LinearHead(Classes = 10)]
internal sealed partial class DeepDigits;

/// <summary>Ten fresh prompts before each of the first three layers; the outputs of the third carry on to the end.</summary>
[Vit(Width = 128, Layers = 6, Heads = 4, Mlp = 512, Patch = 4, Image = 28, Channels = 1)]
[DeepPrompt(Tokens = 10, Layers = "..2")]
[LinearHead(Classes = 10)]
internal sealed partial class LowerDigits;

/// <summary>No prompts; the whole backbone is trained, and stored, for this task.</summary>
[Vit(Width = 128, Layers = 6, Heads = 4, Mlp = 512, Patch = 4, Image = 28, Channels = 1)]
[TrainEverything]
[LinearHead(Classes = 10)]
internal sealed partial class FullDigits;
