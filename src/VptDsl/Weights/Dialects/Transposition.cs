namespace VptDsl.Weights.Dialects;

/// <summary>Transposes matrices.</summary>
internal static class Transposition
{
    // Tiles of 4 KiB: the rows of both matrices stay in the nearest cache.
    private const int Tile = 32;

    /// <summary>Writes the columns of a matrix <c>[rows, columns]</c> as rows.</summary>
    public static void Apply(ReadOnlySpan<float> matrix, int rows, int columns, Span<float> transposed)
    {
        for (int top = 0; top < rows; top += Tile)
        {
            int bottom = Math.Min(top + Tile, rows);
            for (int left = 0; left < columns; left += Tile)
            {
                int right = Math.Min(left + Tile, columns);
                for (int row = top; row < bottom; row++)
                {
                    for (int column = left; column < right; column++)
                    {
                        transposed[(column * rows) + row] = matrix[(row * columns) + column];
                    }
                }
            }
        }
    }
}
