using VptDsl.Data;

namespace QuickStart;

/// <summary>The handwritten digits in the data folder, see its README.</summary>
/// <param name="Train">800 images to learn from.</param>
/// <param name="Validation">200 images that choose the best epoch.</param>
/// <param name="Test">3,000 images that are looked at once, at the end.</param>
internal sealed record Digits(IImageSource Train, IImageSource Validation, IImageSource Test)
{
    /// <summary>The numbers that the backbone was pre-trained with, those of Fashion-MNIST.</summary>
    public static Normalization Normalization { get; } = new(mean: 0.286f, deviation: 0.353f);

    /// <summary>Reads the digits.</summary>
    /// <param name="folder">The folder that holds them.</param>
    public static Digits Read(string folder)
    {
        // The split is part of the task, as in VTAB-1k: the run's seed does not change it.
        (ImageSet labelled, ImageSet test) = ReadAll(folder, Normalization);
        (Subset train, Subset validation) = Split.Stratified(labelled, firstCount: 800, seed: 0);
        return new Digits(train, validation, test);
    }

    /// <summary>Reads the digits without splitting the 1,000 to learn from.</summary>
    /// <param name="folder">The folder that holds them.</param>
    /// <param name="normalization">Applied when an image is read.</param>
    public static (ImageSet Labelled, ImageSet Test) ReadAll(string folder, Normalization normalization) =>
        (IdxPair.Read(folder, "digits-train", normalization), IdxPair.Read(folder, "digits-test", normalization));
}
