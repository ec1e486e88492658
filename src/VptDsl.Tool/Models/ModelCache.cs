using VptDsl.Weights;

namespace VptDsl.Tool.Models;

/// <summary>A folder of the user's own for models that have been compiled: the second run of a command need not compile again.</summary>
internal static class ModelCache
{
    /// <summary>The folder: <c>VPTDSL_CACHE</c> if that is set, else where the system keeps what can be made again.</summary>
    public static string Folder => Environment.GetEnvironmentVariable("VPTDSL_CACHE") is { Length: > 0 } stated
        ? stated
        : Path.Combine(OfSystem(), "vptdsl", "models");

    /// <summary>The file of a name, if it is there.</summary>
    public static byte[]? TryRead(string name)
    {
        try
        {
            return File.ReadAllBytes(Path.Combine(Folder, name));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Keeps a file, where that is possible: a home that cannot be written to only means to compile again.</summary>
    public static void TryWrite(string name, byte[] content)
    {
        try
        {
            // What lies there is run: nobody else may write to it.
            if (OperatingSystem.IsWindows())
                Directory.CreateDirectory(Folder);
            else
                Directory.CreateDirectory(Folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            AtomicFile.Write(Path.Combine(Folder, name), stream => stream.Write(content));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
        }
    }

    private static string OfSystem()
    {
        if (OperatingSystem.IsWindows())
            return Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData);
        string home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        if (OperatingSystem.IsMacOS())
            return Path.Combine(home, "Library", "Caches");
        return Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } stated ? stated : Path.Combine(home, ".cache");
    }
}
