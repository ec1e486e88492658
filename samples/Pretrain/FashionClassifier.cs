using VptDsl;

namespace Pretrain;

/// <summary>The backbone of QuickStart with a head for the ten kinds of clothes in Fashion-MNIST, everything trained.</summary>
[Vit(Width = 96, Layers = 6, Heads = 3, Mlp = 384, Patch = 4, Image = 28, Channels = 1)]
[LinearHead(Classes = 10)]
[TrainEverything]
internal sealed partial class FashionClassifier;
