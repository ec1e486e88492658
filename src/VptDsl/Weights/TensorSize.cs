using System.Collections.Immutable;

namespace VptDsl.Weights;

/// <summary>Sizes that a file claims, which may be more than numbers can hold.</summary>
internal static class TensorSize
{
    /// <summary>The product of two lengths, or null if it is impossibly large.</summary>
    public static long? Product(long first, long second) => first == 0 || second <= long.MaxValue / first ? first * second : null;

    /// <summary>
    /// The shape of a stored matrix: programs that keep channels first have it as a convolution of single pixels, with two ones behind.
    /// </summary>
    /// <param name="stored">The shape in the file.</param>
    /// <param name="rank">The axes that the model has; where they are not those of a matrix, the shape stays.</param>
    public static ImmutableArray<long> WithoutPixel(ImmutableArray<long> stored, int rank) =>
        rank == 2 && stored is [_, _, 1, 1] ? stored[..2] : stored;

    /// <summary>The bytes of a tensor, or null if its shape is impossibly large.</summary>
    public static long? Bytes(IEnumerable<long> shape, TensorType type)
    {
        // Zero dimensions last: a shape of [2^62, 2^62, 0] is as impossible as one without the zero.
        long bytes = type.ByteSize();
        bool isEmpty = false;
        foreach (long dimension in shape)
        {
            if (dimension == 0)
            {
                isEmpty = true;
            }
            else if (bytes > long.MaxValue / dimension)
            {
                return null;
            }
            else
            {
                bytes *= dimension;
            }
        }

        return isEmpty ? 0 : bytes;
    }
}
