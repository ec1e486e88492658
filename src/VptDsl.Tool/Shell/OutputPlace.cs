using VptDsl.Common;

namespace VptDsl.Tool.Shell;

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
        if (string.IsNullOrWhiteSpace(file.ToString()))
            throw new IOException("The name of a file to write is blank: name a file.");
        if (Path.EndsInDirectorySeparator(file.ToString()) || Directory.Exists(file.FullName))
            throw new IOException($"{file} is a directory: name a file in it.");
        // Results replace what has their name, and a device would be replaced for the whole system.
        bool isAmongDevices = !OperatingSystem.IsWindows() && Path.GetDirectoryName(RealPath.Of(file)) == "/dev";
        if ((SpecialFile.KindOf(file.FullName) ?? (isAmongDevices ? "a device" : null)) is { } kind)
            throw new IOException($"{file} is {kind}: name a file.");
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

    /// <summary>Checks that results replace neither each other nor what they are made from, whatever links lead there.</summary>
    /// <param name="results">The files to write; null for one that is not wanted.</param>
    /// <param name="inputs">The files and folders that are read; null for one that is not given.</param>
    /// <exception cref="ArgumentException">Two are one file, or a result lies in a folder that is read.</exception>
    public static void RequireDistinct(ReadOnlySpan<FileInfo?> results, ReadOnlySpan<FileSystemInfo?> inputs)
    {
        var places = new HashSet<string>(StringComparer.FromComparison(Comparison));
        foreach (FileInfo? result in results)
        {
            if (result is null)
                continue;
            string place = RealPath.Of(result);
            if (!places.Add(place))
                throw new ArgumentException($"{result} is given twice: name a file of its own for each.");
            foreach (FileSystemInfo? input in inputs)
            {
                if (input is not null)
                    RequireApart(result, place, input);
            }
        }
    }

    // File systems that tell no case apart are usual there.
    private static StringComparison Comparison =>
        OperatingSystem.IsWindows() || OperatingSystem.IsMacOS() ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;

    private static void RequireApart(FileInfo result, string place, FileSystemInfo input)
    {
        string read = RealPath.Of(input);
        if (input is FileInfo && place.Equals(read, Comparison))
            throw new ArgumentException($"{result} is {input}, which is read and would be replaced: name another file to write.");
        if (input is DirectoryInfo && place.StartsWith(Path.Join(read, Path.DirectorySeparatorChar.ToString()), Comparison))
            throw new ArgumentException($"{result} lies in {input}, which is read: name a file to write outside it.");
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
