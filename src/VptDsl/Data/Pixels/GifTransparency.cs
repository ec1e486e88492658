namespace VptDsl.Data.Pixels;

/// <summary>
/// Makes the transparent colour of a GIF's first frame an ordinary one: decoders leave such pixels empty, hence black, where Pillow's
/// <c>convert("RGB")</c> gives the colour that the palette has for them.
/// </summary>
internal static class GifTransparency
{
    private const int ScreenEnd = 13, FrameHeader = 10;
    private const byte Extension = 0x21, GraphicControl = 0xF9, Frame = 0x2C, PaletteFlag = 0x80, TransparencyFlag = 1;

    /// <summary>A copy in which the first frame has no transparent colour.</summary>
    /// <param name="encoded">The whole file.</param>
    /// <param name="outside">The colour of pixels that the frame does not reach, [red, green, blue].</param>
    /// <returns>Null if the file is no GIF, has no transparent colour or is damaged before its first frame.</returns>
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

        if (flag == 0 || (encoded[flag] & TransparencyFlag) == 0 || position + FrameHeader > encoded.Length || encoded[position] != Frame)
            return null;
        bool isLocal = (encoded[position + FrameHeader - 1] & PaletteFlag) != 0;
        int colour = (isLocal ? position + FrameHeader : ScreenEnd) + (3 * encoded[flag + 3]);
        int paletteEnd = isLocal
            ? position + FrameHeader + PaletteBytes(encoded[position + FrameHeader - 1])
            : ScreenEnd + PaletteBytes(encoded[10]);
        if (colour + 3 > paletteEnd || paletteEnd > encoded.Length)
            return null;
        encoded.Slice(colour, 3).CopyTo(outside);
        byte[] opaque = encoded.ToArray();
        opaque[flag] &= unchecked((byte)~TransparencyFlag);
        return opaque;
    }

    private static int PaletteBytes(byte flags) => (flags & PaletteFlag) == 0 ? 0 : 3 << ((flags & 7) + 1);

    private static int EndOfBlocks(ReadOnlySpan<byte> encoded, int position)
    {
        while (position < encoded.Length && encoded[position] > 0)
            position += encoded[position] + 1;
        return position + 1;
    }
}
