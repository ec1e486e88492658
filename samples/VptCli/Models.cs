using VptDsl;

namespace VptCli;

/// <summary>Linear probe on ViT-S/16.</summary>
[Vit(VitSize.Small, Patch = 16, Image = 224)]
[LinearHead]
internal sealed partial class LinearSmall;

/// <summary>Ten prompts before the first layer of ViT-S/16.</summary>
[Vit(VitSize.Small, Patch = 16, Image = 224)]
[ShallowPrompt(Tokens = 10)]
[LinearHead]
internal sealed partial class ShallowSmall;

/// <summary>Ten fresh prompts before every layer of ViT-S/16.</summary>
[Vit(VitSize.Small, Patch = 16, Image = 224)]
[DeepPrompt(Tokens = 10)]
[LinearHead]
internal sealed partial class DeepSmall;

/// <summary>Linear probe on ViT-B/16.</summary>
[Vit(VitSize.Base, Patch = 16, Image = 224)]
[LinearHead]
internal sealed partial class LinearBase;

/// <summary>Ten prompts before the first layer of ViT-B/16.</summary>
[Vit(VitSize.Base, Patch = 16, Image = 224)]
[ShallowPrompt(Tokens = 10)]
[LinearHead]
internal sealed partial class ShallowBase;

/// <summary>Ten fresh prompts before every layer of ViT-B/16.</summary>
[Vit(VitSize.Base, Patch = 16, Image = 224)]
[DeepPrompt(Tokens = 10)]
[LinearHead]
internal sealed partial class DeepBase;

/// <summary>Linear probe on ViT-L/16.</summary>
[Vit(VitSize.Large, Patch = 16, Image = 224)]
[LinearHead]
internal sealed partial class LinearLarge;

/// <summary>Ten prompts before the first layer of ViT-L/16.</summary>
[Vit(VitSize.Large, Patch = 16, Image = 224)]
[ShallowPrompt(Tokens = 10)]
[LinearHead]
internal sealed partial class ShallowLarge;

/// <summary>Ten fresh prompts before every layer of ViT-L/16.</summary>
[Vit(VitSize.Large, Patch = 16, Image = 224)]
[DeepPrompt(Tokens = 10)]
[LinearHead]
internal sealed partial class DeepLarge;

/// <summary>Linear probe on the backbone that QuickStart comes with.</summary>
[Vit(Width = 128, Layers = 6, Heads = 4, Mlp = 512, Patch = 4, Image = 28, Channels = 1)]
[LinearHead]
internal sealed partial class LinearTiny;

/// <summary>Ten prompts before the first layer of the backbone that QuickStart comes with.</summary>
[Vit(Width = 128, Layers = 6, Heads = 4, Mlp = 512, Patch = 4, Image = 28, Channels = 1)]
[ShallowPrompt(Tokens = 10)]
[LinearHead]
internal sealed partial class ShallowTiny;

/// <summary>Ten fresh prompts before every layer of the backbone that QuickStart comes with.</summary>
[Vit(Width = 128, Layers = 6, Heads = 4, Mlp = 512, Patch = 4, Image = 28, Channels = 1)]
[DeepPrompt(Tokens = 10)]
[LinearHead]
internal sealed partial class DeepTiny;
