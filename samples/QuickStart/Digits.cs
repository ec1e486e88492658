using VptDsl.Data;

namespace QuickStart;

/// <summary>The task: handwritten digits from the data folder, see its README, between others.</summary>
/// <param name="Train">1,000 images to learn from. Settings were chosen by 200 of them, with the 800 others to learn from.</param>
/// <param name="Test">3,000 images that are looked at once, at the end.</param>
internal sealed record Digits(IImageSource Train, IImageSource Test)
{
    /// <summary>Reads and draws the digits; a run's seed does not change them.</summary>
    /// <param name="folder">The folder that holds them.</param>
    public static Digits Read(string folder)
    {
        (ImageSet train, ImageSet test) = CrowdedDigits.Read(folder, CrowdedDigits.Normalization);
        return new Digits(train, test);
    }
}
