using System.Formats.Tar;

namespace VptDsl.Common;

/// <summary>Tells pipes, sockets and devices from files without opening them: to open a pipe is to wait for whoever writes to it.</summary>
internal static class SpecialFile
{
    /// <summary>What a path leads to where it is no ordinary file, as in "a pipe"; null where it is one, a folder or nothing.</summary>
    public static string? KindOf(string path)
    {
        if (OperatingSystem.IsWindows())
            return null;
        try
        {
            var file = new FileInfo(File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path);
            // None of them has a length.
            return file is { Exists: true, Length: 0 } ? KindOfEmpty(file.FullName) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>
    /// What an opened file is where it is no ordinary one; null where it is. Paths as <c>/dev/stdin</c> and a shell's <c>&lt;(…)</c> tell
    /// nothing before that.
    /// </summary>
    public static string? KindOf(FileStream opened) => opened.CanSeek ? null : "a pipe";

    /// <summary>The runtime tells what kind a file is to those who archive it, and to nobody else.</summary>
    private static string? KindOfEmpty(string path)
    {
        using var archive = new MemoryStream();
        try
        {
            using var writer = new TarWriter(archive, leaveOpen: true);
            writer.WriteEntry(path, entryName: "file");
        }
        catch (IOException e) when (e.GetType() == typeof(IOException))
        {
            // The one kind that no archive can hold.
            return "a socket";
        }

        archive.Position = 0;
        using var reader = new TarReader(archive);
        return reader.GetNextEntry()?.EntryType switch
        {
            TarEntryType.Fifo => "a pipe",
            TarEntryType.CharacterDevice or TarEntryType.BlockDevice => "a device",
            _ => null,
        };
    }
}
