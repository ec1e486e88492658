using VptDsl.Data.Pixels;

namespace VptDsl.Data;

/// <summary>What an image file says before it is decoded, so that one that would take too much memory can be refused.</summary>
public static class ImageHeader
{
    /// <summary>The size that an image file's header claims.</summary>
    /// <param name="encoded">The whole file: JPEG, PNG, WebP, BMP or GIF.</param>
    /// <returns>Width and height in pixels, however many; decoding may still find the file damaged.</returns>
    /// <exception cref="ImageDataException">They are no image of a kind that is read.</exception>
    public static (int Width, int Height) ReadSize(ReadOnlySpan<byte> encoded) =>
        ImageDecoder.SizeOf(encoded, out string problem)
        ?? throw new ImageDataException(EncodedStream.Unnamed, problem, "Send a JPEG, PNG, WebP, BMP or GIF file.");
}
