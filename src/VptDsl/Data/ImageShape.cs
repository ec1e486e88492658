namespace VptDsl.Data;

/// <summary>The shape of an image as models take it: planes of rows, [channels, height, width].</summary>
/// <param name="Channels">Colour channels: 1 for grey, 3 for red, green and blue.</param>
/// <param name="Height">Rows of pixels.</param>
/// <param name="Width">Pixels in a row.</param>
public readonly record struct ImageShape(int Channels, int Height, int Width)
{
    /// <summary>Elements in one channel.</summary>
    public int PlaneFloats => Height * Width;

    /// <summary>Elements in one image.</summary>
    public int Floats => Channels * Height * Width;

    /// <summary>The shape as people write it, for instance <c>3×224×224</c>.</summary>
    public override string ToString() => $"{Channels}×{Height}×{Width}";
}
