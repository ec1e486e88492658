using System.Globalization;

namespace VptDsl.Data;

/// <summary>Looks whether images are plausibly normalised; a wrong normalisation costs accuracy and nothing else shows it.</summary>
/// <remarks>
/// Every correct normalisation brings photographs to a mean near 0 and a deviation near 1. Sets of dark or pale images lie further
/// out, so only what no usual normalisation of any set of images gives is reported: values scaled to 0…255, normalised twice, divided
/// by 255 twice, or not centred at all.
/// </remarks>
internal static class NormalizationCheck
{
    // Black is −2.1 and white 2.6 with ImageNet's numbers, the widest of the usual ones.
    private const double FarthestMean = 2.7;
    private const double LargestDeviation = 3;
    private const double SmallestDeviation = 0.05;

    /// <summary>Judges a batch.</summary>
    /// <param name="images">Images as a model gets them.</param>
    /// <returns>A warning in a sentence or two, or null where nothing looks wrong.</returns>
    public static string? Warning(ReadOnlySpan<float> images)
    {
        if (images.Length < 2)
            return null;
        (double mean, double deviation, float lowest, float highest) = Measure(images);
        string? problem = (mean, deviation) switch
        {
            _ when !double.IsFinite(mean) => "they have values that are no finite numbers",
            _ when highest > 30 => "they look like pixels from 0 to 255",
            _ when Math.Abs(mean) > FarthestMean || deviation > LargestDeviation => "they look as if they were normalised twice",
            _ when deviation < SmallestDeviation => "they hardly vary, as if they had been divided by 255 twice",
            _ when lowest >= 0 && highest <= 1 && highest > 0.5f => "they look like pixels from 0 to 1 that were not normalised",
            _ => null,
        };
        return problem is null
            ? null
            : string.Create(
                CultureInfo.InvariantCulture,
                $"The images have mean {mean:G3} and deviation {deviation:G3}, where 0 and 1 are usual: {problem}. Give the set the " +
                $"normalisation that the backbone was trained with, for instance Normalization.ImageNet or Normalization.Symmetric.");
    }

    private static (double Mean, double Deviation, float Lowest, float Highest) Measure(ReadOnlySpan<float> images)
    {
        double sum = 0, squares = 0;
        (float lowest, float highest) = (images[0], images[0]);
        foreach (float value in images)
        {
            sum += value;
            squares += (double)value * value;
            lowest = Math.Min(lowest, value);
            highest = Math.Max(highest, value);
        }

        double mean = sum / images.Length;
        return (mean, Math.Sqrt(Math.Max(0, (squares / images.Length) - (mean * mean))), lowest, highest);
    }
}
