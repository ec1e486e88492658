using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace VptDsl.Training.Parallel.Wire;

/// <summary>Writes a frame's payload into memory that the next payload takes again. Numbers are little-endian.</summary>
internal sealed class PayloadWriter
{
    private readonly ArrayBufferWriter<byte> _buffer = new();

    /// <summary>What was written.</summary>
    public ReadOnlyMemory<byte> Payload => _buffer.WrittenMemory;

    /// <summary>Begins another payload.</summary>
    public PayloadWriter Begin()
    {
        _buffer.ResetWrittenCount();
        return this;
    }

    public void Write(byte value) => _buffer.Write([value]);

    public void Write(int value)
    {
        BinaryPrimitives.WriteInt32LittleEndian(_buffer.GetSpan(sizeof(int)), value);
        _buffer.Advance(sizeof(int));
    }

    public void Write(long value)
    {
        BinaryPrimitives.WriteInt64LittleEndian(_buffer.GetSpan(sizeof(long)), value);
        _buffer.Advance(sizeof(long));
    }

    public void Write(float value) => Write(BitConverter.SingleToInt32Bits(value));

    public void Write(double value) => Write(BitConverter.DoubleToInt64Bits(value));

    public void Write(string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        Write(bytes.Length);
        _buffer.Write(bytes);
    }

    /// <summary>Writes elements, without their number.</summary>
    public void Write(ReadOnlySpan<float> values) => _buffer.Write(MemoryMarshal.AsBytes(values));
}
