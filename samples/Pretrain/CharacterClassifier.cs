using VptDsl;

namespace Pretrain;

/// <summary>The backbone with a head for characters and the ten kinds of clothes in Fashion-MNIST, everything trained.</summary>
[Vit(Width = 128, Layers = 6, Heads = 4, Mlp = 512, Patch = 4, Image = 28, Channels = 1)]
[LinearHead(Classes = MostCharacters + FashionMnist.Classes)]
[TrainEverything]
internal sealed partial class CharacterClassifier
{
    /// <summary>The most characters that the head tells apart; its labels beyond the last that is chosen stay unused.</summary>
    public const int MostCharacters = 1000;
}
