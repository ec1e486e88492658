using VptDsl.Data;

namespace Pretrain;

/// <summary>Fashion-MNIST (Xiao, Rasul and Vollgraf, 2017; MIT licence): 70,000 grey images of clothes in ten classes.</summary>
/// <param name="Train">58,000 images to learn from.</param>
/// <param name="Validation">2,000 images that help to choose the best epoch.</param>
/// <param name="Test">The data set's own 10,000 test images.</param>
internal sealed record FashionMnist(IImageSource Train, IImageSource Validation, IImageSource Test)
{
    /// <summary>Where Debian's package <c>dataset-fashion-mnist</c> puts the files.</summary>
    public const string DebianFolder = "/usr/share/datasets/fashion-mnist";

    /// <summary>The number of classes.</summary>
    public const int Classes = 10;

    private static readonly string[] ClassNames =
        ["T-shirt", "trousers", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "ankle boot"];

    /// <summary>Reads the four files of the data set.</summary>
    /// <param name="folder">The folder that holds them, under their usual names.</param>
    /// <param name="normalization">What the pixels become.</param>
    public static FashionMnist Read(string folder, Normalization normalization)
    {
        (Subset train, Subset validation) = Split.Stratified(ReadPair("train"), firstCount: 58_000, seed: 0);
        return new FashionMnist(train, validation, ReadPair("t10k"));

        ImageSet ReadPair(string name) => IdxPair.Read(folder, name, normalization, ClassNames);
    }
}
