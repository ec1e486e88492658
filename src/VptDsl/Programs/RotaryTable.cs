namespace VptDsl.Programs;

/// <summary>
/// The angles of rotary positions as factors: for each patch and channel of a head cosine - 1, then for each the sine that its partner is
/// taken with. Angles are computed in double precision.
/// </summary>
internal static class RotaryTable
{
    // EVA-02's longest period over the shortest.
    private const double Temperature = 10000;

    /// <summary>DINOv3's: places from -1 to 1 at patches' centres; channels half a head apart are partners.</summary>
    /// <param name="table">[rows, columns, 2 * head].</param>
    /// <param name="rows">Rows of patches.</param>
    /// <param name="columns">Columns of patches.</param>
    /// <param name="head">The width of a head, a multiple of 4.</param>
    /// <param name="temperature">The longest period over the shortest.</param>
    public static void FillHalves(Span<float> table, int rows, int columns, int head, double temperature)
    {
        int half = head / 2, quarter = head / 4;
        for (int patch = 0; patch < rows * columns; patch++)
        {
            Span<float> factors = table.Slice(patch * 2 * head, 2 * head);
            double y = ((2 * (patch / columns + 0.5)) / rows) - 1, x = ((2 * (patch % columns + 0.5)) / columns) - 1;
            for (int i = 0; i < half; i++)
            {
                double period = Math.Pow(temperature, (double)(i % quarter) / quarter);
                Set(factors, head, i, i + half, 2 * Math.PI * (i < quarter ? y : x) / period);
            }
        }
    }

    /// <summary>EVA-02's: places in the grid of pre-training, from 0 on; neighbouring channels are partners.</summary>
    /// <param name="table">[rows, columns, 2 * head].</param>
    /// <param name="rows">Rows of patches.</param>
    /// <param name="columns">Columns of patches.</param>
    /// <param name="head">The width of a head, a multiple of 4.</param>
    /// <param name="reference">The patches on a side of the images of pre-training.</param>
    public static void FillPairs(Span<float> table, int rows, int columns, int head, double reference)
    {
        int half = head / 2, quarter = head / 4;
        for (int patch = 0; patch < rows * columns; patch++)
        {
            Span<float> factors = table.Slice(patch * 2 * head, 2 * head);
            double y = patch / columns * reference / rows, x = patch % columns * reference / columns;
            for (int i = 0; i < half; i++)
            {
                double frequency = Math.Pow(Temperature, -(double)(i % quarter) / quarter);
                Set(factors, head, 2 * i, (2 * i) + 1, (i < quarter ? y : x) * frequency);
            }
        }
    }

    private static void Set(Span<float> factors, int head, int first, int second, double angle)
    {
        // 1 - cos without the loss of digits at small angles.
        double sine = Math.Sin(angle), half = Math.Sin(angle / 2);
        factors[first] = factors[second] = (float)(-2 * half * half);
        factors[head + first] = (float)-sine;
        factors[head + second] = (float)sine;
    }
}
