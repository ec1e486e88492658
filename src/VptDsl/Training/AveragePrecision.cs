namespace VptDsl.Training;

/// <summary>Average precision: the precision at each score, weighted by the recall that comes with it.</summary>
internal static class AveragePrecision
{
    /// <summary>
    /// Σ (recall − recall before) · precision over the scores from the highest on, images of equal scores together: scikit-learn's
    /// <c>average_precision_score</c>. From 0 to 1; NaN where no image has the class, where scikit-learn has 0.
    /// </summary>
    /// <param name="scores">What the images are ordered by. NaN is below every number.</param>
    /// <param name="has">Whether each image has the class.</param>
    public static double Of(ReadOnlySpan<float> scores, ReadOnlySpan<bool> has)
    {
        float[] keys = scores.ToArray();
        bool[] own = has.ToArray();
        keys.AsSpan().Sort(own.AsSpan(), static (a, b) => b.CompareTo(a));
        int all = own.Count(value => value), found = 0, before = 0;
        double sum = 0;
        for (int i = 0; i < keys.Length; i++)
        {
            found += own[i] ? 1 : 0;
            if (i + 1 < keys.Length && keys[i + 1].Equals(keys[i]))
                continue;
            sum += (found - before) * (found / (i + 1.0));
            before = found;
        }

        return sum / all;
    }
}
