namespace VptDsl.Data;

/// <summary>The shape of an image as models take it: planes of rows, [channels, height, width].</summary>
/// <param name="Channels">Colour channels: 1 for grey, 3 for red, green and blue.</param>
/// <param name="Height">Rows of pixels.</param>
/// <param name="Width">Pixels in a row.</param>
public readonly record struct ImageShape(int Channels, int Height, int Width)
{
    /// <summary>Elements in one channel.</summary>
    /// <exception cref="OverflowException">They are more than an array holds.</exception>
    public int PlaneFloats => Fits((double)Height * Width) ? Height * Width : throw TooLarge();

    /// <summary>Elements in one image.</summary>
    /// <exception cref="OverflowException">They are more than an array holds.</exception>
    public int Floats => Fits((double)Channels * Height * Width) ? Channels * Height * Width : throw TooLarge();

    /// <summary>The shape as people write it, for instance <c>3×224×224</c>.</summary>
    public override string ToString() => $"{Channels}×{Height}×{Width}";

    /// <summary>Requires a shape that images in memory can have.</summary>
    /// <param name="parameter">What the caller calls the shape.</param>
    /// <exception cref="ArgumentException">It has no pixels, or more than an array holds.</exception>
    internal void Require(string parameter)
    {
        if (Channels < 1 || Height < 1 || Width < 1)
            throw new ArgumentException($"Images of shape {this} have no pixels: every dimension must be at least 1.", parameter);
        if (!Fits((double)Channels * Height * Width))
            throw new ArgumentException($"{TooLarge().Message} Make the images smaller.", parameter);
    }

    // Exact where it matters: a double holds every whole number below 2^53.
    private static bool Fits(double elements) => Math.Abs(elements) <= Array.MaxLength;

    private OverflowException TooLarge() =>
        new(FormattableString.Invariant($"An image of shape {this} has more elements than an array holds ({Array.MaxLength})."));
}
