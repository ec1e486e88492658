using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Text;

namespace VptDsl.Weights.Numpy;

/// <summary>What the header of a NumPy array says.</summary>
/// <param name="Descriptor">NumPy's name of the element type, for instance <c>&lt;f4</c>.</param>
/// <param name="IsColumnMajor">Whether the first index runs fastest.</param>
/// <param name="Shape">The shape; empty for a scalar.</param>
/// <param name="Bytes">The header's length: where the data begin.</param>
internal sealed record NpyHeader(string Descriptor, bool IsColumnMajor, ImmutableArray<long> Shape, int Bytes)
{
    /// <summary>How many bytes say how long the header is, at most.</summary>
    public const int MaxPreambleBytes = 12;

    private static ReadOnlySpan<byte> Magic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    // The headers of plain arrays have 128 bytes; those of records grow with their fields.
    private const int MaxTextBytes = 1 << 16;

    /// <summary>The type of the elements; null for one that cannot be read, such as text, objects or big-endian numbers.</summary>
    public TensorType? Type => Descriptor switch
    {
        "|b1" => TensorType.Bool,
        "|u1" or "<u1" => TensorType.UInt8,
        "|i1" or "<i1" => TensorType.Int8,
        "<i2" => TensorType.Int16,
        "<u2" => TensorType.UInt16,
        "<i4" => TensorType.Int32,
        "<u4" => TensorType.UInt32,
        "<i8" => TensorType.Int64,
        "<u8" => TensorType.UInt64,
        "<f2" => TensorType.Float16,
        "<f4" => TensorType.Float32,
        "<f8" => TensorType.Float64,
        "<c8" => TensorType.Complex64,
        // NumPy has no bfloat16 of its own: JAX's is saved as two bytes of no type.
        "|V2" or "<V2" => TensorType.BFloat16,
        _ => null,
    };

    /// <summary>Reads a header.</summary>
    /// <param name="read">Provides the file's next bytes, from its beginning.</param>
    /// <param name="length">The file's length.</param>
    /// <exception cref="FormatException">It is none; the message, without a full stop, says why.</exception>
    public static NpyHeader Read(ReadBytes read, long length)
    {
        Span<byte> preamble = stackalloc byte[MaxPreambleBytes];
        int lengthBytes = ReadVersion(read, length, preamble);
        int preambleBytes = 8 + lengthBytes;
        long textBytes = lengthBytes == sizeof(ushort)
            ? BinaryPrimitives.ReadUInt16LittleEndian(preamble[8..])
            : BinaryPrimitives.ReadUInt32LittleEndian(preamble[8..]);
        if (textBytes > Math.Min(MaxTextBytes, length - preambleBytes))
        {
            throw new FormatException($"its header would be {textBytes} bytes long");
        }

        byte[] text = new byte[textBytes];
        read(text);
        var (descriptor, isColumnMajor, shape) = new NpyHeaderText(Encoding.Latin1.GetString(text)).Parse();
        return new NpyHeader(descriptor, isColumnMajor, shape, preambleBytes + text.Length);
    }

    private static int ReadVersion(ReadBytes read, long length, Span<byte> preamble)
    {
        if (length < preamble.Length)
        {
            throw new FormatException($"its {length} bytes are too few for a NumPy array");
        }

        read(preamble[..8]);
        if (!preamble.StartsWith(Magic) || preamble[6] is not (1 or 2 or 3))
        {
            throw new FormatException("it does not begin as a NumPy array of version 1, 2 or 3 does");
        }

        int lengthBytes = preamble[6] == 1 ? sizeof(ushort) : sizeof(uint);
        read(preamble.Slice(8, lengthBytes));
        return lengthBytes;
    }
}

/// <summary>Reads exactly as many bytes as there is room for.</summary>
internal delegate void ReadBytes(Span<byte> destination);
