namespace VptDsl;

/// <summary>
/// Learned pixels around every image, the paper's prompts for convolutional networks: the image grows on each side, and everything
/// of the backbone stays frozen. For every backbone.
/// </summary>
/// <remarks>
/// Trains <c>prompts.tb</c> <c>[channels, 2·pixels, image + 2·pixels]</c>, above and below the image, and <c>prompts.lr</c>
/// <c>[channels, image, 2·pixels]</c>, left and right of it.
/// </remarks>
/// <example><code>[PadPrompt(Pixels = 5)]</code></example>
public sealed class PadPromptAttribute : PromptAttribute
{
    /// <summary>Pixels on each side; 1 or more, at most as many as the image has, 5 unless stated.</summary>
    public int Pixels { get; set; } = 5;

    /// <summary>What the pixels are drawn from; <see cref="PixelStart.Colours"/> unless stated.</summary>
    public PixelStart Start { get; set; } = PixelStart.Colours;
}

/// <summary>What learned pixels are drawn from.</summary>
public enum PixelStart
{
    /// <summary>Evenly from 0 to 1; they are RGB colours, and normalised by ImageNet's mean and deviation as images are.</summary>
    Colours,

    /// <summary>
    /// A standard normal distribution; they stand for normalised colours as they are (the paper's code: <c>gaussian</c>).
    /// </summary>
    Normal,
}
