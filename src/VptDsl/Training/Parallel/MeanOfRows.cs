namespace VptDsl.Training.Parallel;

/// <summary>The mean of rows, added in their order: the same bits wherever it is computed.</summary>
internal static class MeanOfRows
{
    /// <summary>The mean of at least one row; all have the same length.</summary>
    public static float[] Of(IReadOnlyList<float[]> rows)
    {
        float[] mean = new float[rows[0].Length];
        for (int i = 0; i < mean.Length; i++)
        {
            double sum = 0;
            foreach (float[] row in rows)
                sum += row[i];
            mean[i] = (float)(sum / rows.Count);
        }

        return mean;
    }
}
