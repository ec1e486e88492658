using System.Buffers.Binary;
using System.Numerics;

namespace VptDsl.Training.Logs;

/// <summary>Frames a record of a TFRecord file: its length and its content, each followed by a masked CRC-32C.</summary>
internal static class RecordFrame
{
    private const int LengthBytes = sizeof(ulong), CheckBytes = sizeof(uint);
    private const int Rotation = 15;
    private const uint Mask = 0xA282EAD8;

    /// <summary>The bytes that stand in the file.</summary>
    public static byte[] Of(ReadOnlySpan<byte> content)
    {
        byte[] framed = new byte[LengthBytes + CheckBytes + content.Length + CheckBytes];
        BinaryPrimitives.WriteUInt64LittleEndian(framed, (ulong)content.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(framed.AsSpan(LengthBytes), Check(framed.AsSpan(0, LengthBytes)));
        content.CopyTo(framed.AsSpan(LengthBytes + CheckBytes));
        BinaryPrimitives.WriteUInt32LittleEndian(framed.AsSpan(LengthBytes + CheckBytes + content.Length), Check(content));
        return framed;
    }

    /// <summary>The masked check of bytes.</summary>
    public static uint Check(ReadOnlySpan<byte> bytes)
    {
        uint check = uint.MaxValue;
        foreach (byte value in bytes)
            check = BitOperations.Crc32C(check, value);
        return unchecked(BitOperations.RotateRight(~check, Rotation) + Mask);
    }
}
