using VptDsl;

namespace Study.Models;

/// <summary>Ten fresh prompts before each of the first two layers.</summary>
[Vit(Width = 128, Layers = 6, Heads = 4, Mlp = 512, Patch = 4, Image = 28, Channels = 1)]
[DeepPrompt(Tokens = 10, Layers = "..1")]
[LinearHead(Classes = 10)]
internal sealed partial class First2 : IDeclared<First2>;

/// <summary>Ten fresh prompts before each of the first three layers.</summary>
[Vit(Width = 128, Layers = 6, Heads = 4, Mlp = 512, Patch = 4, Image = 28, Channels = 1)]
[DeepPrompt(Tokens = 10, Layers = "..2")]
[LinearHead(Classes = 10)]
internal sealed partial class First3 : IDeclared<First3>;

/// <summary>Ten fresh prompts before each of the first four layers.</summary>
[Vit(Width = 128, Layers = 6, Heads = 4, Mlp = 512, Patch = 4, Image = 28, Channels = 1)]
[DeepPrompt(Tokens = 10, Layers = "..3")]
[LinearHead(Classes = 10)]
internal sealed partial class First4 : IDeclared<First4>;

/// <summary>Ten fresh prompts before the last layer alone.</summary>
[Vit(Width = 128, Layers = 6, Heads = 4, Mlp = 512, Patch = 4, Image = 28, Channels = 1)]
[DeepPrompt(Tokens = 10, Layers = "^1..")]
[LinearHead(Classes = 10)]
internal sealed partial class Last1 : IDeclared<Last1>;

/// <summary>Ten fresh prompts before each of the last two layers.</summary>
[Vit(Width = 128, Layers = 6, Heads = 4, Mlp = 512, Patch = 4, Image = 28, Channels = 1)]
[DeepPrompt(Tokens = 10, Layers = "^2..")]
[LinearHead(Classes = 10)]
internal sealed partial class Last2 : IDeclared<Last2>;

/// <summary>Ten fresh prompts before each of the last three layers.</summary>
[Vit(Width = 128, Layers = 6, Heads = 4, Mlp = 512, Patch = 4, Image = 28, Channels = 1)]
[DeepPrompt(Tokens = 10, Layers = "^3..")]
[LinearHead(Classes = 10)]
internal sealed partial class Last3 : IDeclared<Last3>;

/// <summary>Ten fresh prompts before each of the last four layers.</summary>
[Vit(Width = 128, Layers = 6, Heads = 4, Mlp = 512, Patch = 4, Image = 28, Channels = 1)]
[DeepPrompt(Tokens = 10, Layers = "^4..")]
[LinearHead(Classes = 10)]
internal sealed partial class Last4 : IDeclared<Last4>;
