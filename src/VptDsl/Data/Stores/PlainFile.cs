using VptDsl.Common;

namespace VptDsl.Data.Stores;

/// <summary>Opens files whose length must be known, and which are read more than once.</summary>
internal static class PlainFile
{
    /// <summary>Opens a file to be read.</summary>
    /// <exception cref="ImageDataException">It is a pipe, a socket or a device.</exception>
    /// <exception cref="IOException">It is missing or cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read, or is a folder.</exception>
    public static FileStream Open(string path)
    {
        if (SpecialFile.KindOf(path) is { } kind)
            throw Special(path, kind);
        FileStream file = File.OpenRead(path);
        if (SpecialFile.KindOf(file) is not { } opened)
            return file;
        file.Dispose();
        throw Special(path, opened);
    }

    private static ImageDataException Special(string path, string kind) =>
        new(path, $"this is {kind}, not a file", "Write its content to a file, and give that.");
}
