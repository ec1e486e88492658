using System.Buffers.Binary;
using System.Text;

namespace VptDsl.Weights.PyTorch;

/// <summary>The bytes of a pickle, read one value after another.</summary>
internal ref struct PickleInput(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> _rest = bytes;

    /// <summary>The next bytes.</summary>
    /// <exception cref="FormatException">There are fewer.</exception>
    public ReadOnlySpan<byte> Take(long count)
    {
        if (count < 0 || count > _rest.Length)
        {
            throw new FormatException("it ends in the middle of a value");
        }

        var taken = _rest[..(int)count];
        _rest = _rest[(int)count..];
        return taken;
    }

    /// <summary>One byte.</summary>
    public byte Byte() => Take(1)[0];

    /// <summary>An unsigned integer of 16 bits.</summary>
    public int UInt16() => BinaryPrimitives.ReadUInt16LittleEndian(Take(2));

    /// <summary>An unsigned integer of 32 bits.</summary>
    public long UInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(4));

    /// <summary>A signed integer of 32 bits.</summary>
    public long Int32() => BinaryPrimitives.ReadInt32LittleEndian(Take(4));

    /// <summary>A length of 64 bits; negative where it is beyond all files.</summary>
    public long Int64() => BinaryPrimitives.ReadInt64LittleEndian(Take(8));

    /// <summary>A float of 64 bits, which pickles keep big-endian.</summary>
    public double Double() => BinaryPrimitives.ReadDoubleBigEndian(Take(8));

    /// <summary>Text of a known length.</summary>
    public string Text(long length) => Encoding.UTF8.GetString(Take(length));

    /// <summary>Text up to the end of its line.</summary>
    public string Line()
    {
        int length = _rest.IndexOf((byte)'\n');
        string line = Text(length);
        Take(1);
        return line;
    }

    /// <summary>An integer of any length, the highest bit its sign; null if 64 bits cannot hold it.</summary>
    public long? Integer(long length)
    {
        var digits = Take(length);
        if (digits.Length > sizeof(long))
        {
            return null;
        }

        long value = digits is [.., >= 0x80] ? -1 : 0;
        for (int i = digits.Length - 1; i >= 0; i--)
        {
            value = (value << 8) | digits[i];
        }

        return value;
    }
}
