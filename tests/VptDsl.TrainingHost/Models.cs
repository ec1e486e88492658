namespace VptDsl.TrainingHost;

/// <summary>Everything is computed in every epoch.</summary>
[Vit(Image = 12, Channels = 1, Patch = 4, Width = 16, Layers = 2, Heads = 2, Mlp = 24)]
[DeepPrompt(Tokens = 2)]
[LinearHead(Classes = 3)]
internal sealed partial class DeepTuner;

/// <summary>The first two layers' results are kept.</summary>
[Vit(Image = 12, Channels = 1, Patch = 4, Width = 16, Layers = 3, Heads = 2, Mlp = 24)]
[DeepPrompt(Tokens = 2, Layers = "2")]
[LinearHead(Classes = 3)]
internal sealed partial class LateTuner;
