using System.Globalization;

namespace VptDsl.Data;

/// <summary>
/// Erases a rectangle of a normalised image, by default in half of all cases: torchvision's and timm's <c>RandomErasing</c> (Zhong et al.,
/// 2020). For <see cref="Training.FitOptions.Augmentation"/>.
/// </summary>
public sealed class RandomErasing : IImageTransform
{
    private const int Tries = 10;

    private readonly float _probability;
    private readonly float _smallestShare;
    private readonly float _largestShare;
    private readonly float _lowest;
    private readonly float _highest;
    private readonly ErasedPixels _pixels;

    /// <summary>Says how often, and what.</summary>
    /// <param name="probability">How often, from 0 to 1.</param>
    /// <param name="smallestShare">The smallest share of the image's pixels, above 0.</param>
    /// <param name="largestShare">The largest share, at least the smallest and at most 1.</param>
    /// <param name="lowest">The rectangle's smallest height over width, above 0.</param>
    /// <param name="highest">The largest height over width, at least the smallest.</param>
    /// <param name="pixels">What takes the place of what is erased.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number lies outside its range.</exception>
    public RandomErasing(
        float probability = 0.5f, float smallestShare = 0.02f, float largestShare = 0.33f, float lowest = 0.3f, float highest = 3.3f,
        ErasedPixels pixels = ErasedPixels.Mean)
    {
        Require(probability is >= 0 and <= 1, nameof(probability), probability, "A probability lies between 0 and 1.");
        Require(smallestShare > 0, nameof(smallestShare), smallestShare, "The smallest share lies above 0.");
        Require(
            largestShare >= smallestShare && largestShare <= 1, nameof(largestShare), largestShare,
            "The largest share is at least the smallest and at most 1.");
        Require(lowest > 0, nameof(lowest), lowest, "The smallest height over width lies above 0.");
        Require(
            highest >= lowest && float.IsFinite(highest), nameof(highest), highest,
            "The largest height over width is at least the smallest.");
        Require(Enum.IsDefined(pixels), nameof(pixels), (float)pixels, "Pixels are replaced by the mean or by noise.");
        (_probability, _smallestShare, _largestShare, _lowest, _highest) = (probability, smallestShare, largestShare, lowest, highest);
        _pixels = pixels;
    }

    /// <summary>What it does, for logs and to tell runs apart.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"random-erasing {_probability:R} scale {_smallestShare:R} {_largestShare:R} ratio {_lowest:R} {_highest:R} {_pixels}");

    /// <inheritdoc/>
    public void Apply(Span<float> image, ImageShape shape, ref RandomStream random)
    {
        if (random.NextFloat() >= _probability)
            return;
        for (int i = 0; i < Tries; i++)
        {
            double share = random.NextDouble(), proportion = random.NextDouble();
            if (Cut(shape, share, proportion) is not { } cut)
                continue;
            int top = random.NextInt(shape.Height - cut.Height + 1), left = random.NextInt(shape.Width - cut.Width + 1);
            Erase(image, shape, (left, top, cut.Width, cut.Height), ref random);
            return;
        }
    }

    /// <summary>The size of a rectangle for two numbers from [0, 1); null where it would not lie within the image on both axes.</summary>
    internal (int Width, int Height)? Cut(ImageShape shape, double share, double proportion)
    {
        double area = (double)shape.PlaneFloats * Between(_smallestShare, _largestShare, share);
        double ratio = Math.Exp(Between(Math.Log(_lowest), Math.Log(_highest), proportion));
        double height = Math.Round(Math.Sqrt(area * ratio)), width = Math.Round(Math.Sqrt(area / ratio));
        return height < shape.Height && width < shape.Width ? ((int)width, (int)height) : null;
    }

    private void Erase(
        Span<float> image, ImageShape shape, (int Left, int Top, int Width, int Height) place, ref RandomStream random)
    {
        for (int channel = 0; channel < shape.Channels; channel++)
        {
            for (int y = place.Top; y < place.Top + place.Height; y++)
            {
                Span<float> row = image.Slice((channel * shape.PlaneFloats) + (y * shape.Width) + place.Left, place.Width);
                if (_pixels == ErasedPixels.Mean)
                {
                    row.Clear();
                    continue;
                }

                foreach (ref float pixel in row)
                    pixel = random.NextNormal();
            }
        }
    }

    private static double Between(double first, double last, double share) => first + ((last - first) * share);

    private static void Require(bool holds, string name, float value, string requirement)
    {
        if (!holds)
            throw new ArgumentOutOfRangeException(name, value, requirement);
    }
}

/// <summary>What takes the place of pixels that are erased.</summary>
public enum ErasedPixels
{
    /// <summary>0, which after normalisation is the mean colour: torchvision's <c>value=0</c>, timm's <c>const</c>.</summary>
    Mean,

    /// <summary>
    /// A number from the standard normal distribution for each pixel and channel: <c>value="random"</c>, timm's <c>pixel</c>.
    /// </summary>
    Noise,
}
