namespace VptDsl.Devices.Cpu;

/// <summary>
/// The relative positions in a sequence: a class token, then tokens that have no position, then a grid of tokens row by row.
/// </summary>
/// <param name="height">Rows of the grid.</param>
/// <param name="width">Tokens of a row.</param>
/// <param name="inserted">Tokens between the class token and the grid.</param>
internal readonly struct RelativePlaces(int height, int width, int inserted)
{
    private readonly int _offsetsInRow = (2 * width) - 1;

    /// <summary>The first token of the grid.</summary>
    public int First { get; } = 1 + inserted;

    /// <summary>Tokens of the sequence.</summary>
    public int Tokens => First + (height * width);

    /// <summary>All positions; the last three are a query of the class token, a key of it, and both.</summary>
    public int Positions => Offsets + 3;

    private int Offsets => ((2 * height) - 1) * _offsetsInRow;

    /// <summary>The position of a pair; -1 where one of the two has none.</summary>
    public int Position(int query, int key)
    {
        int ofQuery = query - First;
        int ofKey = key - First;
        if ((query > 0 && ofQuery < 0) || (key > 0 && ofKey < 0))
        {
            return -1;
        }

        if (query == 0 || key == 0)
        {
            return Offsets + (query > 0 ? 1 : key > 0 ? 0 : 2);
        }

        int down = (ofQuery / width) - (ofKey / width);
        int right = (ofQuery % width) - (ofKey % width);
        return ((down + height - 1) * _offsetsInRow) + right + width - 1;
    }
}
