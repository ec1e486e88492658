using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace VptDsl.Tests.Data;

/// <summary>Writes the few picture files that tests need and encoders do not make.</summary>
internal static class PictureBytes
{
    /// <summary>A PNG of one row.</summary>
    /// <param name="width">Pixels.</param>
    /// <param name="depth">Bits a channel.</param>
    /// <param name="type">0 grey, 2 colour, 3 palette, 4 grey and alpha.</param>
    /// <param name="row">The row's bytes.</param>
    /// <param name="more">Chunks before the pixels.</param>
    public static byte[] Png(int width, byte depth, byte type, byte[] row, params (string Name, byte[] Content)[] more)
    {
        using var file = new MemoryStream();
        file.Write([0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10]);
        Chunk(file, "IHDR", [0, 0, 0, (byte)width, 0, 0, 0, 1, depth, type, 0, 0, 0]);
        foreach ((string name, byte[] content) in more)
            Chunk(file, name, content);
        using var pixels = new MemoryStream();
        using (var zip = new ZLibStream(pixels, CompressionLevel.Fastest))
            zip.Write([0, .. row]);
        Chunk(file, "IDAT", pixels.ToArray());
        Chunk(file, "IEND", []);
        return file.ToArray();
    }

    /// <summary>
    /// A GIF of 2×2 pixels, of which its frame of one row fills the upper: entry 0, then 1 of the palette; 1 is its background.
    /// </summary>
    /// <param name="palette">Two colours.</param>
    /// <param name="isLocal">Whether the frame has the palette, or the file.</param>
    /// <param name="isTransparent">Whether entry 1 is transparent.</param>
    public static byte[] Gif(byte[] palette, bool isLocal, bool isTransparent = true)
    {
        const byte hasPalette = 0x80;
        byte[] black = new byte[6];
        return
        [
            .. "GIF89a"u8, 2, 0, 2, 0, hasPalette, 1, 0, .. isLocal ? black : palette,
            0x21, 0xF9, 4, isTransparent ? (byte)1 : (byte)0, 0, 0, 1, 0,
            0x2C, 0, 0, 0, 0, 2, 0, 1, 0, isLocal ? hasPalette : (byte)0, .. isLocal ? palette : [],
            // Codes of 3 bits: clear (4), 0, 1, end (5).
            2, 2, 0b01_000_100, 0b1010, 0, 0x3B,
        ];
    }

    private static void Chunk(MemoryStream file, string name, byte[] content)
    {
        byte[] named = [.. Encoding.ASCII.GetBytes(name), .. content], number = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, content.Length);
        file.Write(number);
        file.Write(named);
        BinaryPrimitives.WriteUInt32BigEndian(number, Crc32(named));
        file.Write(number);
    }

    /// <summary>The checksum of a chunk of PNG.</summary>
    public static uint Crc32(ReadOnlySpan<byte> bytes)
    {
        uint crc = ~0u;
        foreach (byte b in bytes)
        {
            crc ^= b;
            for (int bit = 0; bit < 8; bit++)
                crc = (crc >> 1) ^ ((crc & 1) * 0xEDB88320);
        }

        return ~crc;
    }
}
