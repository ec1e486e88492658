namespace VptDsl.Data.Pixels;

/// <summary>
/// Takes an image file's bytes from a stream that need not say how long it is, within the bound of <see cref="ImageFileReader"/>.
/// </summary>
internal static class EncodedStream
{
    /// <summary>How messages name an image that came as bytes.</summary>
    public const string Unnamed = "(image in memory)";

    /// <summary>How messages name what a stream gives.</summary>
    public static string NameOf(Stream stream) => stream is FileStream { Name: { Length: > 0 } name } ? name : "(image of a stream)";

    /// <summary>Reads to the end, or until it is more than is read.</summary>
    public static byte[] Read(Stream stream)
    {
        using var content = new MemoryStream();
        byte[] buffer = new byte[1 << 16];
        for (int read; content.Length <= ImageFileReader.MaximumBytes && (read = stream.Read(buffer)) > 0;)
            content.Write(buffer.AsSpan(0, read));
        return content.ToArray();
    }

    /// <summary>As <see cref="Read"/>, without a thread that waits.</summary>
    public static async Task<byte[]> ReadAsync(Stream stream, CancellationToken cancellation)
    {
        using var content = new MemoryStream();
        byte[] buffer = new byte[1 << 16];
        for (int read; content.Length <= ImageFileReader.MaximumBytes
            && (read = await stream.ReadAsync(buffer, cancellation).ConfigureAwait(false)) > 0;)
        {
            content.Write(buffer.AsSpan(0, read));
        }

        return content.ToArray();
    }
}
