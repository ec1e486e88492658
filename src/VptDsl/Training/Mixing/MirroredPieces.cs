namespace VptDsl.Training.Mixing;

/// <summary>Arranges a batch that is computed in pieces so that images of a pair are in one piece.</summary>
internal static class MirroredPieces
{
    /// <summary>
    /// Brings images into an order whose pieces, each by itself, have at mirrored places the images that had mirrored places in the batch.
    /// </summary>
    /// <param name="batch">The images of a batch; changed.</param>
    /// <param name="piece">Images of a piece, an even number; the last may have fewer.</param>
    public static void Arrange(Span<int> batch, int piece)
    {
        int[] before = batch.ToArray();
        int half = piece / 2, written = 0;
        for (int first = 0, end = before.Length; first < end; first += half, end -= half)
        {
            ReadOnlySpan<int> rest = before.AsSpan(first..end);
            if (rest.Length <= piece)
            {
                rest.CopyTo(batch[written..]);
                return;
            }

            rest[..half].CopyTo(batch[written..]);
            rest[^half..].CopyTo(batch[(written + half)..]);
            written += piece;
        }
    }
}
