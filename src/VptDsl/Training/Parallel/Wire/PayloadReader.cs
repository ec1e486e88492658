using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace VptDsl.Training.Parallel.Wire;

/// <summary>Reads what <see cref="PayloadWriter"/> wrote.</summary>
/// <remarks>Whatever the payload holds, it takes no more memory than the payload has, and what does not fit it is an error.</remarks>
internal ref struct PayloadReader(ReadOnlyMemory<byte> payload)
{
    private ReadOnlySpan<byte> _rest = payload.Span;

    public byte ReadByte() => Take(1)[0];

    public int ReadInt() => BinaryPrimitives.ReadInt32LittleEndian(Take(sizeof(int)));

    public long ReadLong() => BinaryPrimitives.ReadInt64LittleEndian(Take(sizeof(long)));

    public float ReadFloat() => BitConverter.Int32BitsToSingle(ReadInt());

    public double ReadDouble() => BitConverter.Int64BitsToDouble(ReadLong());

    public string ReadText() => Encoding.UTF8.GetString(Take(ReadInt()));

    /// <summary>A number of entries, each of which takes so many bytes at least.</summary>
    public int ReadCount(int bytesEach)
    {
        int count = ReadInt();
        if (count < 0 || (long)count * bytesEach > _rest.Length)
            throw Malformed();
        return count;
    }

    public void ReadFloats(Span<float> values)
    {
        long bytes = (long)values.Length * sizeof(float);
        if (bytes > _rest.Length)
            throw Malformed();
        Take((int)bytes).CopyTo(MemoryMarshal.AsBytes(values));
    }

    /// <summary>Checks that nothing is left.</summary>
    public readonly void End()
    {
        if (!_rest.IsEmpty)
            throw Malformed();
    }

    private ReadOnlySpan<byte> Take(int bytes)
    {
        if (bytes < 0 || bytes > _rest.Length)
            throw Malformed();
        ReadOnlySpan<byte> taken = _rest[..bytes];
        _rest = _rest[bytes..];
        return taken;
    }

    private static InvalidDataException Malformed() => new("a message is not what it says that it is");
}
