namespace VptDsl.Programs;

/// <summary>
/// The fixed positions of MoCo v3: a quarter of the width each is sine and cosine of the column, sine and cosine of the row.
/// </summary>
internal static class SineCosinePositions
{
    /// <summary>Fills [rows, width] positions: zeros before the patches, and those of a square grid.</summary>
    /// <param name="positions">What to fill.</param>
    /// <param name="grid">Its rows.</param>
    /// <param name="width">The width of a token, a multiple of 4.</param>
    /// <param name="longest">The longest wavelength over 2π.</param>
    /// <remarks>As in the public code, patch i is taken to stand in column i / side and row i % side.</remarks>
    public static void Fill(Span<float> positions, PatchGrid grid, int width, double longest)
    {
        int prefix = grid.Prefix, patches = grid.Height * grid.Width, side = grid.Width, quarter = width / 4;
        positions[..(prefix * width)].Clear();
        for (int patch = 0; patch < patches; patch++)
        {
            Span<float> row = positions.Slice((prefix + patch) * width, width);
            for (int i = 0; i < quarter; i++)
            {
                double frequency = 1 / Math.Pow(longest, (double)i / quarter);
                (double sineX, double cosineX) = Math.SinCos(patch / side * frequency);
                (double sineY, double cosineY) = Math.SinCos(patch % side * frequency);
                row[i] = (float)sineX;
                row[quarter + i] = (float)cosineX;
                row[(2 * quarter) + i] = (float)sineY;
                row[(3 * quarter) + i] = (float)cosineY;
            }
        }
    }
}
