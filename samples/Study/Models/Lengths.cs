using VptDsl;

namespace Study.Models;

/// <summary>One prompt before the first layer.</summary>
[Vit(Width = 128, Layers = 6, Heads = 4, Mlp = 512, Patch = 4, Image = 28, Channels = 1)]
[ShallowPrompt(Tokens = 1)]
[LinearHead(Classes = 10)]
internal sealed partial class Shallow1 : IDeclared<Shallow1>;

/// <summary>Five prompts before the first layer.</summary>
[Vit(Width = 128, Layers = 6, Heads = 4, Mlp = 512, Patch = 4, Image = 28, Channels = 1)]
[ShallowPrompt(Tokens = 5)]
[LinearHead(Classes = 10)]
internal sealed partial class Shallow5 : IDeclared<Shallow5>;

/// <summary>Fifty prompts before the first layer.</summary>
[Vit(Width = 128, Layers = 6, Heads = 4, Mlp = 512, Patch = 4, Image = 28, Channels = 1)]
[ShallowPrompt(Tokens = 50)]
[LinearHead(Classes = 10)]
internal sealed partial class Shallow50 : IDeclared<Shallow50>;

/// <summary>One fresh prompt before every layer.</summary>
[Vit(Width = 128, Layers = 6, Heads = 4, Mlp = 512, Patch = 4, Image = 28, Channels = 1)]
[DeepPrompt(Tokens = 1)]
[LinearHead(Classes = 10)]
internal sealed partial class Deep1 : IDeclared<Deep1>;

/// <summary>Five fresh prompts before every layer.</summary>
[Vit(Width = 128, Layers = 6, Heads = 4, Mlp = 512, Patch = 4, Image = 28, Channels = 1)]
[DeepPrompt(Tokens = 5)]
[LinearHead(Classes = 10)]
internal sealed partial class Deep5 : IDeclared<Deep5>;

/// <summary>Fifty fresh prompts before every layer.</summary>
[Vit(Width = 128, Layers = 6, Heads = 4, Mlp = 512, Patch = 4, Image = 28, Channels = 1)]
[DeepPrompt(Tokens = 50)]
[LinearHead(Classes = 10)]
internal sealed partial class Deep50 : IDeclared<Deep50>;
