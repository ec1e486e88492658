namespace VptDsl.Compiler.Planning;

/// <summary>Packs blocks that live for a while into one range of memory so that blocks alive together do not overlap.</summary>
/// <remarks>
/// Greedy by size: large blocks first, each at the lowest offset that is free throughout its life. Equal blocks keep their order of
/// birth, so that the same buffer of successive layers comes to lie at a constant distance.
/// </remarks>
internal static class Arena
{
    /// <summary>64 bytes: a cache line, and the widest vector.</summary>
    private const long Alignment = 16;

    /// <summary>Returns the offset of each block and the size of the whole.</summary>
    public static (long[] Offsets, long Size) Pack(IReadOnlyList<Block> blocks)
    {
        var offsets = new long[blocks.Count];
        var placed = new List<int>(blocks.Count);
        long total = 0;
        foreach (int index in Enumerable.Range(0, blocks.Count).OrderByDescending(i => blocks[i].Size).ThenBy(i => blocks[i].First))
        {
            Block block = blocks[index];
            long size = Align(block.Size), offset = 0;

            // Those placed are kept in order of offset, so that one sweep finds the lowest gap.
            foreach (int other in placed)
            {
                if (!blocks[other].Overlaps(block))
                    continue;
                if (offset + size <= offsets[other])
                    break;
                offset = Math.Max(offset, offsets[other] + Align(blocks[other].Size));
            }

            offsets[index] = offset;
            total = Math.Max(total, offset + size);
            int position = placed.FindIndex(p => offsets[p] > offset);
            placed.Insert(position < 0 ? placed.Count : position, index);
        }

        return (offsets, total);
    }

    private static long Align(long floats) => (floats + Alignment - 1) / Alignment * Alignment;
}

/// <summary>Memory that is needed from step <paramref name="First"/> to step <paramref name="Last"/>, both included.</summary>
internal readonly record struct Block(long Size, int First, int Last)
{
    public bool Overlaps(Block other) => First <= other.Last && other.First <= Last;
}
