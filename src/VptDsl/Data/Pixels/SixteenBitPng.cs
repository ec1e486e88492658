using System.Buffers.Binary;
using System.IO.Compression;

namespace VptDsl.Data.Pixels;

/// <summary>Tells what decoding to 8 bits hides of a PNG with 16 bits a channel.</summary>
internal static class SixteenBitPng
{
    private const int FirstChunk = 8, Width = 16, Height = 20, Depth = 24, ColourType = 25, Interlacing = 28, HeaderEnd = 33;
    private const int ChunkFrame = 12, Bits = 16, ChannelBytes = 2, AlphaFlag = 4;

    /// <summary>Whether a file is one that does not say (sBIT) that all of its bits count.</summary>
    public static bool MayHaveFewerBits(ReadOnlySpan<byte> encoded)
    {
        bool isPng = encoded.Length > HeaderEnd && encoded.StartsWith((ReadOnlySpan<byte>)[0x89, (byte)'P', (byte)'N', (byte)'G']);
        if (!isPng || encoded[Depth] != Bits)
            return false;
        ReadOnlySpan<byte> rest = encoded[FirstChunk..];
        while (TakeChunk(ref rest, out ReadOnlySpan<byte> name, out ReadOnlySpan<byte> content))
        {
            if (name.SequenceEqual("sBIT"u8))
                return content.IndexOfAnyExcept((byte)Bits) >= 0;
        }

        return true;
    }

    /// <summary>Whether every colour of one that can be decoded is 0 in all its bits. Interlaced ones count as not black.</summary>
    public static bool IsBlack(ReadOnlySpan<byte> encoded)
    {
        if (encoded[Interlacing] != 0)
            return false;
        int type = encoded[ColourType], colours = (type & 2) != 0 ? 3 : 1;
        int pixelBytes = ChannelBytes * ((type & AlphaFlag) != 0 ? colours + 1 : colours);
        // Rows are stored as differences within each channel, all 0 where the channel is, behind a byte that says to what.
        byte[] row = new byte[1 + (pixelBytes * BinaryPrimitives.ReadInt32BigEndian(encoded[Width..]))];
        try
        {
            using var pixels = new ZLibStream(new MemoryStream(PixelData(encoded)), CompressionMode.Decompress);
            for (int rows = BinaryPrimitives.ReadInt32BigEndian(encoded[Height..]); rows > 0; rows--)
            {
                pixels.ReadExactly(row);
                for (int i = 0; i < row.Length - 1; i++)
                {
                    if (row[1 + i] != 0 && i % pixelBytes < ChannelBytes * colours)
                        return false;
                }
            }

            return true;
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException)
        {
            return false;
        }
    }

    private static byte[] PixelData(ReadOnlySpan<byte> encoded)
    {
        using var data = new MemoryStream();
        ReadOnlySpan<byte> rest = encoded[FirstChunk..];
        while (TakeChunk(ref rest, out ReadOnlySpan<byte> name, out ReadOnlySpan<byte> content))
        {
            if (name.SequenceEqual("IDAT"u8))
                data.Write(content);
        }

        return data.ToArray();
    }

    /// <summary>Takes the next chunk (length, name, content, checksum), if a whole one follows.</summary>
    private static bool TakeChunk(ref ReadOnlySpan<byte> rest, out ReadOnlySpan<byte> name, out ReadOnlySpan<byte> content)
    {
        name = content = default;
        if (rest.Length < ChunkFrame || BinaryPrimitives.ReadUInt32BigEndian(rest) is var length && length > rest.Length - ChunkFrame)
            return false;
        name = rest[4..8];
        content = rest.Slice(8, (int)length);
        rest = rest[(ChunkFrame + (int)length)..];
        return true;
    }
}
