using System.Globalization;

namespace VptDsl.Data.Pixels;

/// <summary>
/// Which parts of an image a random crop may take, and how one is drawn, as torchvision's <c>RandomResizedCrop</c> does it.
/// </summary>
internal readonly record struct CropRange
{
    private const int Tries = 10;

    /// <summary>A range that makes sense.</summary>
    /// <param name="smallestShare">The smallest share of the image's pixels, above 0.</param>
    /// <param name="largestShare">The largest share, at most 1.</param>
    /// <param name="narrowest">The smallest width over height, above 0.</param>
    /// <param name="widest">The largest width over height.</param>
    public CropRange(float smallestShare, float largestShare, float narrowest, float widest)
    {
        if (!(smallestShare > 0 && smallestShare <= largestShare && largestShare <= 1))
        {
            throw new ArgumentOutOfRangeException(
                nameof(smallestShare),
                FormattableString.Invariant(
                    $"A crop's share of an image lies above 0 and up to 1, not from {smallestShare} to {largestShare}."));
        }

        if (!(narrowest > 0 && narrowest <= widest && float.IsFinite(widest)))
        {
            throw new ArgumentOutOfRangeException(
                nameof(narrowest),
                FormattableString.Invariant(
                    $"A crop's width over height lies above 0, the smaller first, not from {narrowest} to {widest}."));
        }

        (SmallestShare, LargestShare, Narrowest, Widest) = (smallestShare, largestShare, narrowest, widest);
    }

    public float SmallestShare { get; }

    public float LargestShare { get; }

    public float Narrowest { get; }

    public float Widest { get; }

    /// <summary>Draws a part of an image.</summary>
    public (int Left, int Top, int Width, int Height) Draw(int width, int height, ref RandomStream random)
    {
        for (int i = 0; i < Tries; i++)
        {
            double share = random.NextDouble(), proportion = random.NextDouble();
            if (Cut(width, height, share, proportion) is not { } part)
                continue;
            int top = random.NextInt(height - part.Height + 1);
            return (random.NextInt(width - part.Width + 1), top, part.Width, part.Height);
        }

        return Largest(width, height);
    }

    /// <summary>The size of a part for two numbers from [0, 1); null where the image has no such part.</summary>
    public (int Width, int Height)? Cut(int width, int height, double share, double proportion)
    {
        double area = (double)width * height * Between(SmallestShare, LargestShare, share);
        double ratio = Math.Exp(Between(Math.Log(Narrowest), Math.Log(Widest), proportion));
        double cutWidth = Math.Round(Math.Sqrt(area * ratio)), cutHeight = Math.Round(Math.Sqrt(area / ratio));
        return cutWidth >= 1 && cutWidth <= width && cutHeight >= 1 && cutHeight <= height ? ((int)cutWidth, (int)cutHeight) : null;
    }

    /// <summary>The largest part from the middle whose proportions are allowed: what is taken where ten draws found none.</summary>
    public (int Left, int Top, int Width, int Height) Largest(int width, int height)
    {
        double ratio = (double)width / height;
        int cutWidth = ratio > Widest ? Math.Clamp((int)Math.Round(height * (double)Widest), 1, width) : width;
        int cutHeight = ratio < Narrowest ? Math.Clamp((int)Math.Round(width / (double)Narrowest), 1, height) : height;
        return ((width - cutWidth) / 2, (height - cutHeight) / 2, cutWidth, cutHeight);
    }

    /// <summary>The range in a pipeline's text.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"scale {SmallestShare:R} {LargestShare:R} ratio {Narrowest:R} {Widest:R}");

    private static double Between(double first, double last, double share) => first + ((last - first) * share);
}
