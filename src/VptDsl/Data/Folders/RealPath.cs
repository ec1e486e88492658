namespace VptDsl.Data.Folders;

/// <summary>Where a path leads when every link in it is followed: two paths to one folder have the same.</summary>
internal static class RealPath
{
    // As many links as Linux follows.
    private const int MostLinks = 40;

    /// <summary>The real path of a folder that is there.</summary>
    /// <exception cref="IOException">Its links lead in a circle.</exception>
    public static string Of(string path)
    {
        int links = 0;
        return Of(path, ref links);
    }

    private static string Of(string path, ref int links)
    {
        string whole = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        if (Path.GetDirectoryName(whole) is not { } parent)
            return whole;
        string real = Path.Combine(Of(parent, ref links), Path.GetFileName(whole));
        if (new DirectoryInfo(real).LinkTarget is not { } target)
            return real;
        return ++links > MostLinks
            ? throw new IOException($"The links at {path} lead in a circle.")
            : Of(Path.Combine(Path.GetDirectoryName(real)!, target), ref links);
    }
}
