namespace VptDsl.Onnx.Graph;

/// <summary>Which row of a table of relative positions each pair of tokens reads, a row for each query.</summary>
internal static class RelativeIndices
{
    /// <summary>For the tokens of a square window.</summary>
    public static int[] OfWindow(int window)
    {
        int tokens = window * window;
        return [.. Enumerable.Range(0, tokens * tokens).Select(i => Offset(i / tokens, i % tokens, window, window))];
    }

    /// <summary>
    /// For a class token, tokens that have no position, and a grid of tokens; the last row, behind all positions, is that of pairs that
    /// have none.
    /// </summary>
    public static int[] OfSequence(int height, int width, int inserted)
    {
        int tokens = 1 + inserted + (height * width);
        return [.. Enumerable.Range(0, tokens * tokens).Select(i => OfPair(i / tokens, i % tokens, height, width, inserted))];
    }

    private static int OfPair(int query, int key, int height, int width, int inserted)
    {
        int offsets = ((2 * height) - 1) * ((2 * width) - 1);
        (int fromClass, int toClass, int ofClass, int none) = (offsets, offsets + 1, offsets + 2, offsets + 3);
        if (IsInserted(query) || IsInserted(key))
            return none;
        return (query, key) switch
        {
            (0, 0) => ofClass,
            (0, _) => fromClass,
            (_, 0) => toClass,
            _ => Offset(query - 1 - inserted, key - 1 - inserted, height, width),
        };

        bool IsInserted(int token) => token > 0 && token <= inserted;
    }

    private static int Offset(int query, int key, int height, int width)
    {
        int down = (query / width) - (key / width), right = (query % width) - (key % width);
        return ((down + height - 1) * ((2 * width) - 1)) + right + width - 1;
    }
}
