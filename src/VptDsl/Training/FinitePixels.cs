using System.Globalization;
using VptDsl.Common;
using VptDsl.Data;

namespace VptDsl.Training;

/// <summary>
/// Finds pixels that are no finite numbers before a model gets them: it would answer NaN for the whole image and say nothing.
/// </summary>
internal static class FinitePixels
{
    /// <summary>Throws when a pixel is NaN or infinite.</summary>
    /// <param name="images">[images, channels, height, width].</param>
    /// <param name="shape">The shape of each.</param>
    /// <param name="indices">Which images of a set these are; empty for the first, the second and so on.</param>
    /// <param name="set">Whose images they are, as in "of the training set"; empty where they are a call's argument.</param>
    /// <exception cref="ArgumentException">The message names the image, the pixel and its value.</exception>
    public static void Require(ReadOnlySpan<float> images, ImageShape shape, ReadOnlySpan<int> indices = default, string set = "")
    {
        if (FiniteNumbers.AreAll(images))
            return;

        int position = 0;
        while (float.IsFinite(images[position]))
            position++;
        int image = position / shape.Floats, within = position % shape.Floats, pixel = within % shape.PlaneFloats;
        throw new ArgumentException(string.Create(
            CultureInfo.InvariantCulture,
            $"Image {(indices.IsEmpty ? image : indices[image])}{set} has a pixel that is {images[position]} "
            + $"(channel {within / shape.PlaneFloats}, row {pixel / shape.Width}, column {pixel % shape.Width}): "
            + $"pixels are finite numbers, so look at how the image was made and normalised."));
    }
}
