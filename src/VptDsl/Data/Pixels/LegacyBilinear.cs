namespace VptDsl.Data.Pixels;

/// <summary>
/// The bilinear resize of TensorFlow 1 (<c>half_pixel_centers</c> and <c>align_corners</c> off), in its single precision and without
/// rounding to bytes. Its result is no image of bytes, so it goes straight into a model's input.
/// </summary>
internal static class LegacyBilinear
{
    /// <summary>Resizes and normalises.</summary>
    /// <param name="image">The image.</param>
    /// <param name="shape">The shape to produce.</param>
    /// <param name="normalization">Applied to every value, with the shape's number of channels.</param>
    /// <param name="destination">[channels, height, width].</param>
    public static void Resize(PixelImage image, ImageShape shape, Normalization normalization, Span<float> destination)
    {
        (float down, float right) = ((float)image.Height / shape.Height, (float)image.Width / shape.Width);
        for (int y = 0; y < shape.Height; y++)
        {
            (int upper, int lower, float yShare) = Neighbours(y * down, image.Height);
            ReadOnlySpan<byte> upperRow = image.Row(upper), lowerRow = image.Row(lower);
            for (int x = 0; x < shape.Width; x++)
            {
                (int left, int rightmost, float xShare) = Neighbours(x * right, image.Width);
                for (int channel = 0; channel < shape.Channels; channel++)
                {
                    int from = (left * PixelImage.PixelBytes) + channel, to = (rightmost * PixelImage.PixelBytes) + channel;
                    float top = Between(upperRow[from], upperRow[to], xShare);
                    float bottom = Between(lowerRow[from], lowerRow[to], xShare);
                    float value = Between(top, bottom, yShare) / 255f;
                    destination[(channel * shape.PlaneFloats) + (y * shape.Width) + x] = normalization.Apply(channel, value);
                }
            }
        }
    }

    private static (int First, int Second, float Share) Neighbours(float position, int size)
    {
        int first = Math.Min((int)position, size - 1);
        return (first, Math.Min(first + 1, size - 1), position - first);
    }

    private static float Between(float first, float second, float share) => first + ((second - first) * share);
}
