namespace VptDsl.Tool.Shell;

/// <summary>Where a file really is: its path without symbolic links, be they its folders or the file itself.</summary>
internal static class RealPath
{
    // As many as Linux follows.
    private const int MaxLinks = 40;

    /// <summary>The place of a file or folder; what is not there yet is where its folder is.</summary>
    /// <exception cref="IOException">Links lead in a circle.</exception>
    public static string Of(FileSystemInfo entry)
    {
        int links = 0;
        return Follow(entry.FullName, ref links);
    }

    // Part by part, for '..' after a link leads to the folder of what the link leads to.
    private static string Follow(string path, ref int links)
    {
        path = Path.TrimEndingDirectorySeparator(path);
        if (Path.GetDirectoryName(path) is not { } parent)
            return path;
        string folder = Follow(parent, ref links), name = Path.GetFileName(path);
        if (name is ".")
            return folder;
        if (name is "..")
            return Path.GetDirectoryName(folder) ?? folder;
        string place = Path.Combine(folder, name);
        FileSystemInfo entry = Directory.Exists(place) ? new DirectoryInfo(place) : new FileInfo(place);
        if (entry.LinkTarget is not { } target)
            return place;
        return ++links <= MaxLinks
            ? Follow(Path.Combine(folder, target), ref links)
            : throw new IOException($"{place} is one of too many symbolic links, which may lead in a circle: name a file without them.");
    }
}
