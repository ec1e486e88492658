namespace VptDsl.Devices.Cpu;

/// <summary>Which tokens of a square grid lie in which window, where the windows are shifted cyclically.</summary>
/// <param name="side">Tokens on a side of the grid, a multiple of <paramref name="window"/>.</param>
/// <param name="window">Tokens on a side of a window.</param>
/// <param name="shift">How far the windows are moved down and to the right.</param>
internal readonly struct WindowPlaces(int side, int window, int shift)
{
    /// <summary>Added to scores between tokens that the shift brought together from opposite sides of the grid.</summary>
    public const float Masked = -100;

    /// <summary>Tokens of a window.</summary>
    public int Tokens => window * window;

    /// <summary>Windows in a row of windows, and rows of windows.</summary>
    public int OnSide => side / window;

    /// <summary>Relative positions of two tokens of a window.</summary>
    public int Positions => ((2 * window) - 1) * ((2 * window) - 1);

    /// <summary>The row, in the grid, of a window's token.</summary>
    public int Row(int index, int token)
    {
        int y = (index / OnSide * window) + (token / window) + shift;
        int x = (index % OnSide * window) + (token % window) + shift;
        return ((y < side ? y : y - side) * side) + (x < side ? x : x - side);
    }

    /// <summary>Whether some tokens of a window came from the other side of the grid.</summary>
    public bool IsMixed(int index) => shift > 0 && (index / OnSide == OnSide - 1 || index % OnSide == OnSide - 1);

    /// <summary>Tokens of a window with the same number see each other.</summary>
    public int Origin(int index, int token)
    {
        int y = (index / OnSide * window) + (token / window);
        int x = (index % OnSide * window) + (token % window);
        return (y < side - shift ? 0 : 2) + (x < side - shift ? 0 : 1);
    }

    /// <summary>The row of a key's position relative to a query in a table of all relative positions.</summary>
    public int Position(int query, int key)
    {
        int y = (query / window) - (key / window) + window - 1;
        int x = (query % window) - (key % window) + window - 1;
        return (y * ((2 * window) - 1)) + x;
    }
}
