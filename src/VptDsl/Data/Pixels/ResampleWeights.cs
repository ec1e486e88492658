namespace VptDsl.Data.Pixels;

/// <summary>Which old pixels make each new pixel along one axis, and with what weight.</summary>
/// <remarks>
/// The separable resampling of Pillow for 8-bit images: a filter as wide as the reduction (which is what prevents aliasing), evaluated
/// in double precision, normalised to a sum of 1 and rounded to fixed point. The order of operations is part of the result.
/// </remarks>
internal sealed class ResampleWeights
{
    /// <summary>Bits after the point of a weight: 32, less 8 of a pixel and 2 for sums beyond its range.</summary>
    public const int FractionBits = 22;

    private readonly int[] _firsts;
    private readonly int[] _counts;
    private readonly int[] _weights;
    private readonly int _stride;

    /// <summary>Computes the weights of an axis.</summary>
    public ResampleWeights(int oldSize, int newSize, Interpolation interpolation)
    {
        (Func<double, double> filter, double reach) = interpolation switch
        {
            Interpolation.Bilinear => ((Func<double, double>)Triangle, 1.0),
            Interpolation.Bicubic => (Cubic, 2.0),
            _ => throw new ArgumentOutOfRangeException(nameof(interpolation), interpolation, "This interpolation has no filter."),
        };
        double scale = (double)oldSize / newSize;
        double stretch = Math.Max(scale, 1);
        double support = reach * stretch;
        _stride = ((int)Math.Ceiling(support) * 2) + 1;
        _firsts = new int[newSize];
        _counts = new int[newSize];
        _weights = new int[checked(newSize * _stride)];
        double[] exact = new double[_stride];
        for (int i = 0; i < newSize; i++)
        {
            double center = (i + 0.5) * scale;
            int first = Math.Max(0, (int)(center - support + 0.5));
            int count = Math.Min(oldSize, (int)(center + support + 0.5)) - first;
            Evaluate(exact.AsSpan(0, count), filter, first, center, 1 / stretch);
            _firsts[i] = first;
            _counts[i] = count;
            for (int k = 0; k < count; k++)
                _weights[(i * _stride) + k] = ToFixedPoint(exact[k]);
        }
    }

    /// <summary>The first old pixel that new pixel <paramref name="i"/> is made of.</summary>
    public int First(int i) => _firsts[i];

    /// <summary>The weights of that old pixel and those that follow it.</summary>
    public ReadOnlySpan<int> Weights(int i) => _weights.AsSpan(i * _stride, _counts[i]);

    private static void Evaluate(Span<double> weights, Func<double, double> filter, int first, double center, double perPixel)
    {
        double sum = 0;
        for (int k = 0; k < weights.Length; k++)
        {
            weights[k] = filter((k + first - center + 0.5) * perPixel);
            sum += weights[k];
        }

        if (sum == 0)
            return;
        for (int k = 0; k < weights.Length; k++)
            weights[k] /= sum;
    }

    private static int ToFixedPoint(double weight) => (int)((weight < 0 ? -0.5 : 0.5) + (weight * (1 << FractionBits)));

    private static double Triangle(double x)
    {
        x = Math.Abs(x);
        return x < 1 ? 1 - x : 0;
    }

    private static double Cubic(double x)
    {
        const double a = -0.5;
        x = Math.Abs(x);
        if (x < 1)
            return ((((a + 2) * x) - (a + 3)) * x * x) + 1;
        return x < 2 ? ((((x - 5) * x) + 8) * x - 4) * a : 0;
    }
}
