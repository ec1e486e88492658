namespace VptDsl.Weights.Positions;

/// <summary>Linear interpolation along one axis: what each old place contributes to each new one.</summary>
internal sealed class ResamplingWeights
{
    private readonly float[,] _weights;

    private ResamplingWeights(float[,] weights) => _weights = weights;

    private int New => _weights.GetLength(0);

    private int Old => _weights.GetLength(1);

    /// <summary>The contributions under a rule.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="old">How many places there are.</param>
    /// <param name="new">How many there will be.</param>
    public static ResamplingWeights Make(PositionRule rule, int old, int @new) => rule switch
    {
        PositionRule.BicubicAntialias => BicubicAntialias(old, @new),
        PositionRule.BilinearCorners => BilinearCorners(old, @new),
        _ => throw new ArgumentOutOfRangeException(nameof(rule), rule, "Not a rule for positions."),
    };

    /// <summary>The contributions as a matrix, [new, old].</summary>
    public double[,] ToMatrix()
    {
        double[,] matrix = new double[New, Old];
        for (int i = 0; i < New; i++)
        {
            for (int j = 0; j < Old; j++)
                matrix[i, j] = _weights[i, j];
        }

        return matrix;
    }

    /// <summary>Interpolates vectors: from <c>[old, width]</c> to <c>[new, width]</c>.</summary>
    public void Apply(ReadOnlySpan<float> source, Span<float> destination)
    {
        int width = source.Length / Old;
        destination.Clear();
        for (int i = 0; i < New; i++)
        {
            var sum = destination.Slice(i * width, width);
            for (int j = 0; j < Old; j++)
            {
                if (_weights[i, j] is not 0 and var weight)
                {
                    AddScaled(source.Slice(j * width, width), weight, sum);
                }
            }
        }
    }

    private static void AddScaled(ReadOnlySpan<float> source, float weight, Span<float> sum)
    {
        for (int i = 0; i < sum.Length; i++)
        {
            sum[i] += source[i] * weight;
        }
    }

    // The cubic reaches two places to either side; where the new grid is coarser it is stretched to average over what it skips.
    // In single precision, as PyTorch computes it: the places' rounding shows in the result.
    private static ResamplingWeights BicubicAntialias(int old, int @new)
    {
        float scale = (float)old / @new;
        float reach = 2 * Math.Max(scale, 1);
        float shrink = scale > 1 ? 1 / scale : 1;
        float[,] weights = new float[@new, old];
        for (int i = 0; i < @new; i++)
        {
            float center = scale * (i + 0.5f);
            int first = Math.Max((int)(center - reach + 0.5f), 0);
            int end = Math.Min((int)(center + reach + 0.5f), old);
            float total = 0;
            for (int j = first; j < end; j++)
            {
                weights[i, j] = Cubic((j - center + 0.5f) * shrink);
                total += weights[i, j];
            }

            for (int j = first; j < end; j++)
            {
                weights[i, j] /= total;
            }
        }

        return new ResamplingWeights(weights);
    }

    // Keys' cubic convolution with a = -0.5, which PyTorch takes with antialiasing; without, it takes -0.75.
    private static float Cubic(float distance)
    {
        const float A = -0.5f;
        float x = Math.Abs(distance);
        return x < 1 ? ((((A + 2) * x) - (A + 3)) * x * x) + 1
            : x < 2 ? (((((A * x) - (5 * A)) * x) + (8 * A)) * x) - (4 * A)
            : 0;
    }

    private static ResamplingWeights BilinearCorners(int old, int @new)
    {
        double scale = @new > 1 ? (old - 1.0) / (@new - 1) : 0;
        float[,] weights = new float[@new, old];
        for (int i = 0; i < @new; i++)
        {
            double place = i * scale;
            int before = Math.Min((int)place, old - 1);
            weights[i, before] = (float)(1 - (place - before));
            if (before + 1 < old)
            {
                weights[i, before + 1] = (float)(place - before);
            }
        }

        return new ResamplingWeights(weights);
    }
}
