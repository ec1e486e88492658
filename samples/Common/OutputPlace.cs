namespace Samples;

/// <summary>Makes sure that results can be written, before hours go into them.</summary>
internal static class OutputPlace
{
    /// <summary>Checks the place of a file, and makes its folder where that is missing.</summary>
    /// <param name="file">The file; null if none is wanted.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static void Prepare(FileInfo? file)
    {
        if (file is null)
            return;
        if (Directory.Exists(file.FullName))
            throw new IOException($"{file} is a directory: name a file in it.");
        // Results replace what has their name, and a device would be replaced for the whole system.
        if (!OperatingSystem.IsWindows() && file.FullName.StartsWith("/dev/", StringComparison.Ordinal))
            throw new IOException($"{file} is a device: name a file.");
        if (file is { Exists: true, IsReadOnly: true })
            throw new IOException($"{file} may not be written to: name another file, or make it writable.");
        Try(file.FullName, () => Directory.CreateDirectory(file.DirectoryName!));
        Try(file.FullName, () =>
            new FileStream(
                $"{file.FullName}.{Path.GetRandomFileName()}.partial", FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 1,
                FileOptions.DeleteOnClose).Dispose());
    }

    /// <summary>Checks a folder of results, and makes it where it is missing.</summary>
    /// <exception cref="IOException">Nothing can be written there.</exception>
    public static void Prepare(DirectoryInfo folder) => Prepare(new FileInfo(Path.Combine(folder.FullName, "results")));

    /// <summary>Checks that results do not replace what they are made from, or each other.</summary>
    /// <exception cref="ArgumentException">Two are one file.</exception>
    public static void RequireDistinct(params ReadOnlySpan<FileInfo?> files)
    {
        var seen = new HashSet<string>(OperatingSystem.IsWindows() ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal);
        foreach (FileInfo? file in files)
        {
            if (file is not null && !seen.Add(file.FullName))
                throw new ArgumentException($"{file} is given twice: name a file of its own for each.");
        }
    }

    private static void Try(string path, Action write)
    {
        try
        {
            write();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException(
                $"{path}: the file cannot be written there: {e.Message.TrimEnd('.')}. Name a folder that may be written to.", e);
        }
    }
}
