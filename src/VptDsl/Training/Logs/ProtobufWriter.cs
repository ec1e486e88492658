using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace VptDsl.Training.Logs;

/// <summary>Writes fields of a protobuf message.</summary>
internal sealed class ProtobufWriter
{
    private const int Varint = 0, Fixed64 = 1, Bytes = 2, Fixed32 = 5, TypeBits = 3, GroupBits = 7;

    private readonly ArrayBufferWriter<byte> _bytes = new();

    /// <summary>A whole number that is not negative.</summary>
    public void Number(int field, long value)
    {
        Key(field, Varint);
        Variable((ulong)value);
    }

    /// <summary>A double.</summary>
    public void Double(int field, double value)
    {
        Key(field, Fixed64);
        BinaryPrimitives.WriteDoubleLittleEndian(_bytes.GetSpan(sizeof(double)), value);
        _bytes.Advance(sizeof(double));
    }

    /// <summary>A float.</summary>
    public void Single(int field, float value)
    {
        Key(field, Fixed32);
        BinaryPrimitives.WriteSingleLittleEndian(_bytes.GetSpan(sizeof(float)), value);
        _bytes.Advance(sizeof(float));
    }

    /// <summary>A string.</summary>
    public void Text(int field, string value) => Delimited(field, Encoding.UTF8.GetBytes(value));

    /// <summary>A message within the message.</summary>
    public void Message(int field, Action<ProtobufWriter> write)
    {
        var inner = new ProtobufWriter();
        write(inner);
        Delimited(field, inner._bytes.WrittenSpan);
    }

    /// <summary>The message.</summary>
    public byte[] ToArray() => _bytes.WrittenSpan.ToArray();

    private void Delimited(int field, ReadOnlySpan<byte> content)
    {
        Key(field, Bytes);
        Variable((ulong)content.Length);
        _bytes.Write(content);
    }

    private void Key(int field, int type) => Variable((ulong)((field << TypeBits) | type));

    private void Variable(ulong value)
    {
        const byte more = 1 << GroupBits;
        for (; value >= more; value >>= GroupBits)
            _bytes.Write([(byte)(value | more)]);
        _bytes.Write([(byte)value]);
    }
}
