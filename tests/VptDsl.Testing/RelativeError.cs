namespace VptDsl.Testing;

/// <summary>How far numbers are from what they should be: the largest difference, relative to the largest expected value.</summary>
public static class RelativeError
{
    public static double Of(ReadOnlySpan<double> actual, ReadOnlySpan<double> expected)
    {
        if (actual.Length != expected.Length)
            throw new ArgumentException($"{actual.Length} values cannot be compared with {expected.Length}.");
        double difference = 0, scale = 0;
        for (int i = 0; i < actual.Length; i++)
        {
            // NaN must not get lost in a comparison.
            if (!double.IsFinite(actual[i]) || !double.IsFinite(expected[i]))
                return double.PositiveInfinity;
            difference = Math.Max(difference, Math.Abs(actual[i] - expected[i]));
            scale = Math.Max(scale, Math.Abs(expected[i]));
        }

        return difference == 0 ? 0 : difference / scale;
    }

    public static double Of(ReadOnlySpan<double> actual, ReadOnlySpan<float> expected) => Of(actual, Widen(expected));

    public static double Of(ReadOnlySpan<float> actual, ReadOnlySpan<float> expected) => Of(Widen(actual), Widen(expected));

    private static double[] Widen(ReadOnlySpan<float> values)
    {
        double[] widened = new double[values.Length];
        for (int i = 0; i < widened.Length; i++)
            widened[i] = values[i];
        return widened;
    }
}
