using System.Globalization;

namespace VptDsl.Data;

/// <summary>
/// Shifts an image by up to <c>padding</c> pixels each way: the same as padding it on all sides and cutting the original size out anywhere.
/// </summary>
/// <remarks>
/// Pixels that come in from outside take the colour of the image's top left corner, which for images on a plain ground is the ground.
/// </remarks>
/// <param name="padding">The largest shift in pixels, at least 0 and less than the image's sides.</param>
public sealed class RandomCrop(int padding) : IImageTransform
{
    private readonly int _padding = padding >= 0
        ? padding
        : throw new ArgumentOutOfRangeException(nameof(padding), padding, "The padding is at least 0 pixels.");

    /// <summary>What it does, for logs and to tell runs apart.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"random-shift {_padding}");

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The image is not larger than the padding.</exception>
    public void Apply(Span<float> image, ImageShape shape, ref RandomStream random)
    {
        if (_padding >= Math.Min(shape.Height, shape.Width))
        {
            throw new InvalidOperationException(
                $"A crop with {_padding} pixels of padding needs larger images than {shape}: lower the padding.");
        }

        int down = random.NextInt((2 * _padding) + 1) - _padding;
        int right = random.NextInt((2 * _padding) + 1) - _padding;
        for (int channel = 0; channel < shape.Channels; channel++)
            Shift(image.Slice(channel * shape.PlaneFloats, shape.PlaneFloats), shape, down, right);
    }

    private static void Shift(Span<float> plane, ImageShape shape, int down, int right)
    {
        float ground = plane[0];
        // Rows are written in the order in which none is overwritten before it has been read.
        for (int step = 0; step < shape.Height; step++)
        {
            int y = down > 0 ? shape.Height - 1 - step : step;
            Span<float> row = plane.Slice(y * shape.Width, shape.Width);
            int sourceY = y - down;
            if (sourceY < 0 || sourceY >= shape.Height)
                row.Fill(ground);
            else
                ShiftRow(plane.Slice(sourceY * shape.Width, shape.Width), row, right, ground);
        }
    }

    private static void ShiftRow(ReadOnlySpan<float> source, Span<float> row, int right, float ground)
    {
        int kept = row.Length - Math.Abs(right);
        if (right >= 0)
        {
            source[..kept].CopyTo(row[right..]);
            row[..right].Fill(ground);
        }
        else
        {
            source[^kept..].CopyTo(row);
            row[kept..].Fill(ground);
        }
    }
}
