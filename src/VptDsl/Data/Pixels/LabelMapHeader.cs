namespace VptDsl.Data.Pixels;

/// <summary>Makes sure that a file holds labels: other kinds of PNG would be turned into colours before anyone sees the numbers.</summary>
internal static class LabelMapHeader
{
    private const int Length = 26, Depth = 24, ColourType = 25;

    private static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>Throws unless the file is a PNG of grey levels of 8 bits.</summary>
    /// <exception cref="ImageDataException">It is not, or is missing.</exception>
    public static void Require(string path)
    {
        Span<byte> header = stackalloc byte[Length];
        int read;
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
            read = file.ReadAtLeast(header, Length, throwOnEndOfStream: false);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw ImageFileReader.Missing(path, list: null, entry: null, e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw ImageFileReader.Unreadable(path, e);
        }

        const string remedy = "Export it as a PNG of 8-bit grey levels, the label of each pixel.";
        if (read < Length || !header.StartsWith(Signature))
            throw new ImageDataException(path, "it is no PNG file", remedy);
        string? other = header[ColourType] switch
        {
            0 when header[Depth] == 8 => null,
            0 => $"its grey levels have {header[Depth]} bits",
            3 => "it has a palette, whose numbers are lost in decoding",
            _ => "it is a colour picture",
        };
        if (other is not null)
            throw new ImageDataException(path, other, remedy);
    }
}
