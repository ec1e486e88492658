namespace VptDsl.Weights;

/// <summary>Copies bytes from a place of a file; asked for places in ascending order where elements lie one behind the other.</summary>
internal delegate void ByteCopy(long offset, Span<byte> destination);

/// <summary>Converts elements from the bytes of a file.</summary>
internal delegate void ElementConversion<T>(TensorType type, ReadOnlySpan<byte> bytes, Span<T> destination);

/// <summary>Reads a tensor's elements a piece at a time, so that no second copy of a tensor is held.</summary>
internal static class ElementReader
{
    private const int ChunkBytes = 1 << 16;

    /// <summary>Reads elements that lie one behind the other.</summary>
    /// <param name="copy">Provides the file's bytes.</param>
    /// <param name="type">The type of the elements in the file.</param>
    /// <param name="start">The place of the first element, in bytes.</param>
    /// <param name="destination">Room for exactly the elements.</param>
    /// <param name="convert">Converts them.</param>
    public static void Read<T>(ByteCopy copy, TensorType type, long start, Span<T> destination, ElementConversion<T> convert)
    {
        int size = type.ByteSize();
        int chunk = ChunkBytes / size;
        byte[] bytes = new byte[Math.Min(chunk, destination.Length) * size];
        for (int i = 0; i < destination.Length; i += chunk)
        {
            int count = Math.Min(chunk, destination.Length - i);
            var part = bytes.AsSpan(0, count * size);
            copy(start + ((long)i * size), part);
            convert(type, part, destination.Slice(i, count));
        }
    }

    /// <summary>Reads elements that lie in another order or apart, for instance those of a transposed matrix.</summary>
    /// <param name="copy">Provides the file's bytes at any place.</param>
    /// <param name="type">The type of the elements in the file.</param>
    /// <param name="start">The place of the first element, in bytes.</param>
    /// <param name="layout">How the others lie relative to it.</param>
    /// <param name="destination">Room for exactly the elements.</param>
    public static void Read(ByteCopy copy, TensorType type, long start, StridedLayout layout, Span<float> destination)
    {
        if (layout.IsContiguous)
        {
            Read(copy, type, start, destination, FloatConversion.ToFloat);
            return;
        }

        int size = type.ByteSize();
        byte[] bytes = new byte[Math.Min(ChunkBytes / size, destination.Length) * size];
        var places = new StridedPlaces(layout);
        while (destination.Length > 0)
        {
            int count = Math.Min(bytes.Length / size, destination.Length);
            for (int i = 0; i < count; i++)
            {
                copy(start + (places.Next() * size), bytes.AsSpan(i * size, size));
            }

            FloatConversion.ToFloat(type, bytes.AsSpan(0, count * size), destination[..count]);
            destination = destination[count..];
        }
    }
}
