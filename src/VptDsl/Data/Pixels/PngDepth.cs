using System.Buffers.Binary;

namespace VptDsl.Data.Pixels;

/// <summary>Tells by a PNG's chunks how many bits of its channels count.</summary>
internal static class PngDepth
{
    private const int Depth = 24, FirstChunk = 8, ChunkFrame = 12, Bits = 16;

    /// <summary>Whether a file is a PNG with 16 bits a channel that does not say (sBIT) that all of them count.</summary>
    public static bool MayHaveFewerBits(ReadOnlySpan<byte> encoded)
    {
        if (encoded.Length <= Depth || !encoded.StartsWith((ReadOnlySpan<byte>)[0x89, (byte)'P', (byte)'N', (byte)'G']) || encoded[Depth] != Bits)
            return false;
        for (ReadOnlySpan<byte> rest = encoded[FirstChunk..]; rest.Length > ChunkFrame;)
        {
            // Length, name, content, checksum.
            uint length = BinaryPrimitives.ReadUInt32BigEndian(rest);
            ReadOnlySpan<byte> name = rest[4..8];
            if (name.SequenceEqual("IDAT"u8) || length > rest.Length - ChunkFrame)
                return true;
            if (name.SequenceEqual("sBIT"u8))
                return rest.Slice(8, (int)length).IndexOfAnyExcept((byte)Bits) >= 0;
            rest = rest[(ChunkFrame + (int)length)..];
        }

        return true;
    }
}
