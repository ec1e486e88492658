using System.Buffers.Binary;

namespace VptDsl.Data.Pixels;

/// <summary>
/// Makes the transparent colour of a GIF's first frame an ordinary one: decoders leave such pixels empty, hence black, where Pillow's
/// <c>convert("RGB")</c> gives the colour that the palette has for them. What the frame does not reach is that colour too, and where there
/// is no transparent one the palette's first, whatever the file calls its background.
/// </summary>
internal static class GifTransparency
{
    private const int ScreenSize = 6, ScreenEnd = 13, FrameHeader = 10;
    private const byte Extension = 0x21, GraphicControl = 0xF9, Frame = 0x2C, PaletteFlag = 0x80, TransparencyFlag = 1;

    /// <summary>A copy in which the first frame has no transparent colour.</summary>
    /// <param name="encoded">The whole file.</param>
    /// <param name="outside">The colour of pixels that the frame does not reach, [red, green, blue].</param>
    /// <returns>
    /// Null if the file is no GIF, has no transparent colour and a frame that reaches all of it, or is damaged before its first frame.
    /// </returns>
    public static byte[]? Without(ReadOnlySpan<byte> encoded, Span<byte> outside)
    {
        if (!encoded.StartsWith("GIF8"u8) || encoded.Length < ScreenEnd)
            return null;
        int flag = 0, position = ScreenEnd + PaletteBytes(encoded[10]);
        while (position + FrameHeader <= encoded.Length && encoded[position] == Extension)
        {
            if (encoded[position + 1] == GraphicControl)
                flag = position + 3;
            position = EndOfBlocks(encoded, position + 2);
        }

        if (position + FrameHeader > encoded.Length || encoded[position] != Frame)
            return null;
        bool isTransparent = flag > 0 && (encoded[flag] & TransparencyFlag) != 0;
        if (!isTransparent && ReachesAll(encoded[ScreenSize..], encoded[(position + 1)..]))
            return null;
        bool isLocal = (encoded[position + FrameHeader - 1] & PaletteFlag) != 0;
        int colour = (isLocal ? position + FrameHeader : ScreenEnd) + (isTransparent ? 3 * encoded[flag + 3] : 0);
        int paletteEnd = isLocal
            ? position + FrameHeader + PaletteBytes(encoded[position + FrameHeader - 1])
            : ScreenEnd + PaletteBytes(encoded[10]);
        if (colour + 3 > paletteEnd || paletteEnd > encoded.Length)
            return null;
        encoded.Slice(colour, 3).CopyTo(outside);
        byte[] opaque = encoded.ToArray();
        if (isTransparent)
            opaque[flag] &= unchecked((byte)~TransparencyFlag);
        return opaque;
    }

    /// <summary>Whether a frame, [left, top, width, height], leaves nothing out of a screen, [width, height].</summary>
    private static bool ReachesAll(ReadOnlySpan<byte> screen, ReadOnlySpan<byte> frame) =>
        Side(frame) == 0 && Side(frame[2..]) == 0 && Side(frame[4..]) >= Side(screen) && Side(frame[6..]) >= Side(screen[2..]);

    private static int Side(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt16LittleEndian(bytes);

    private static int PaletteBytes(byte flags) => (flags & PaletteFlag) == 0 ? 0 : 3 << ((flags & 7) + 1);

    private static int EndOfBlocks(ReadOnlySpan<byte> encoded, int position)
    {
        while (position < encoded.Length && encoded[position] > 0)
            position += encoded[position] + 1;
        return position + 1;
    }
}
