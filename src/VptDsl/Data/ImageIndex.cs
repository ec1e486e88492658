namespace VptDsl.Data;

/// <summary>Checks which image of a set is asked for.</summary>
internal static class ImageIndex
{
    /// <summary>Requires an image of the set.</summary>
    /// <param name="index">The image.</param>
    /// <param name="count">How many the set has.</param>
    /// <exception cref="ArgumentOutOfRangeException">The set has no such image.</exception>
    public static void Require(int index, int count)
    {
        if ((uint)index >= (uint)count)
        {
            throw new ArgumentOutOfRangeException(
                nameof(index), index, count == 0 ? "The set has no images." : $"The set has images 0 to {count - 1}.");
        }
    }
}
