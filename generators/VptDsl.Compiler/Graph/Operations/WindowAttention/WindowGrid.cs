namespace VptDsl.Compiler.Graph.Operations;

/// <summary>A square grid of tokens, stored row by row, that is shifted cyclically and then cut into square windows.</summary>
/// <param name="Side">Tokens on a side of the grid, a multiple of <paramref name="Window"/>.</param>
/// <param name="Window">Tokens on a side of a window.</param>
/// <param name="Shift">How far the windows are moved down and to the right, less than <paramref name="Window"/>.</param>
internal sealed record WindowGrid(int Side, int Window, int Shift)
{
    /// <summary>
    /// Added to scores between tokens that the shift brought together from opposite sides of the grid, as in Liu et al. (2021): not an
    /// infinity, so their weights are small and not nothing.
    /// </summary>
    public const int Masked = -100;

    public int Tokens => Side * Side;

    public int TokensOfWindow => Window * Window;

    public int WindowsOnSide => Side / Window;

    public int Windows => WindowsOnSide * WindowsOnSide;

    /// <summary>Relative positions on an axis: from 1 - <see cref="Window"/> to <see cref="Window"/> - 1.</summary>
    public int Offsets => (2 * Window) - 1;

    /// <summary>Rows of a table with an entry for each relative position.</summary>
    public int RelativePositions => Offsets * Offsets;

    /// <summary>The windows for people.</summary>
    public string Describe() => $"{Windows} windows of {Window} × {Window}" + (Shift == 0 ? "" : $" shifted by {Shift}");

    public bool IsValid => Window > 0 && Side % Window == 0 && Shift >= 0 && Shift < Window && (Shift == 0 || Windows > 1);
}
