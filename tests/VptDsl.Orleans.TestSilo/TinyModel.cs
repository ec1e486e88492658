namespace VptDsl.Orleans.TestSilo;

[Vit(Width = 16, Layers = 1, Heads = 2, Patch = 4, Image = 8, Channels = 1)]
[ShallowPrompt(Tokens = 2)]
[LinearHead(Classes = 3)]
public sealed partial class TinyModel;
