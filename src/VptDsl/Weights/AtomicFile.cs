using VptDsl.Common;

namespace VptDsl.Weights;

/// <summary>Writes files so that at any moment either the old content or the whole new content is there.</summary>
/// <remarks>Content goes to a temporary file in the same directory, to the disk itself, and under the final name by renaming.</remarks>
internal static class AtomicFile
{
    private const string TemporaryExtension = ".partial";

    /// <summary>Creates or replaces a file.</summary>
    /// <param name="path">The file; its directory must exist.</param>
    /// <param name="write">Writes the content. What it throws, other than I/O errors, is passed on.</param>
    /// <exception cref="IOException">The file cannot be written; an old file of this name is as it was.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        Guard(path, target =>
        {
            RequirePlace(target);
            RemoveLeftovers(target);
            WriteBeside(target, write);
        });
    }

    /// <summary>Checks that a file could be written now, for those who will want to later.</summary>
    /// <param name="path">The file; its directory must exist.</param>
    /// <exception cref="IOException">It could not.</exception>
    public static void CheckPlace(string path) => Guard(path, target =>
    {
        RequirePlace(target);
        using FileStream created = CreateTemporary(target);
        File.Delete(created.Name);
    });

    /// <summary>Deletes a file, and what killed writers left beside it, as far as nobody uses them and that is possible.</summary>
    /// <param name="path">The file, which need not be there.</param>
    public static void Delete(string path)
    {
        string target = Path.GetFullPath(path);
        TryDelete(target);
        AsFarAsPossible(() => RemoveLeftovers(target));
    }

    /// <summary>Deletes the files of a pattern, and what killed writers left beside them, as <see cref="Delete"/> does.</summary>
    /// <param name="directory">Where they lie.</param>
    /// <param name="pattern">Their names, with <c>*</c> for anything.</param>
    public static void DeleteAll(string directory, string pattern) => AsFarAsPossible(() =>
    {
        foreach (string file in Directory.EnumerateFiles(directory, pattern)
            .Concat(Directory.EnumerateFiles(directory, $"{pattern}.*{TemporaryExtension}")))
        {
            TryDelete(file);
        }
    });

    /// <summary>Makes a directory, with those around it, where there is none.</summary>
    /// <param name="path">The directory.</param>
    /// <exception cref="IOException">It cannot be made.</exception>
    public static void CreateDirectory(string path)
    {
        try
        {
            Directory.CreateDirectory(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException(
                $"{path}: the directory was not made: {e.Message.TrimEnd('.')}. Name one where directories may be made and no file is.", e);
        }
    }

    private static void Guard(string path, Action<string> act)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        try
        {
            act(Path.GetFullPath(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException || IsTooLarge(e))
        {
            throw new IOException(
                $"{path}: the file was not written: {e.Message.TrimEnd('.')}. What was there before is unchanged. "
                + "Make room on the disk or name a directory that exists and may be written to.",
                e);
        }
    }

    private static string TemporaryName(string target) => $"{target}.{Path.GetRandomFileName()}{TemporaryExtension}";

    // So the runtime reports a file beyond the limit of the file system (4 GiB on FAT) or of the user.
    private static bool IsTooLarge(Exception e) =>
        e is ArgumentOutOfRangeException { ParamName: "value", ActualValue: null, Source: "System.Private.CoreLib" };

    private static void RequirePlace(string target)
    {
        if (Directory.Exists(target))
        {
            throw new IOException("this is a directory");
        }

        string directory = Path.GetDirectoryName(target)!;
        if (!Directory.Exists(directory))
        {
            throw new DirectoryNotFoundException($"the directory {directory} does not exist");
        }

        // Renaming over /dev/null would replace the device for the whole system.
        if (!OperatingSystem.IsWindows() && directory == "/dev")
        {
            throw new IOException("a device cannot be replaced by a file");
        }

        if (SpecialFile.KindOf(target) is { } kind)
        {
            throw new IOException($"this is {kind}, which is not replaced by a file");
        }
    }

    private static void WriteBeside(string target, Action<Stream> write)
    {
        FileStream stream = CreateTemporary(target);
        try
        {
            // Renamed while still open: an open file is a file in use, which no other writer takes for a leftover.
            using (stream)
            {
                write(stream);
                stream.Flush(flushToDisk: true);
                File.Move(stream.Name, target, overwrite: true);
            }
        }
        catch
        {
            TryDelete(stream.Name);
            throw;
        }
    }

    private static FileStream CreateTemporary(string target)
    {
        while (true)
        {
            try
            {
                var stream = new FileStream(TemporaryName(target), FileMode.CreateNew, FileAccess.Write, FileShare.Delete);
                if (File.Exists(stream.Name))
                    return stream;
                stream.Dispose();
            }
            catch (IOException e) when (HeldFile.IsCauseOf(e))
            {
                // On Unix a file is there before it is locked. Whoever clears leftovers in between locks it and deletes it: another, then.
            }
        }
    }

    // A process that is killed while it writes leaves its temporary file; repeated crashes must not fill the disk.
    private static void RemoveLeftovers(string target)
    {
        int length = target.Length + 1 + Path.GetRandomFileName().Length + TemporaryExtension.Length;
        foreach (FileInfo file in new DirectoryInfo(Path.GetDirectoryName(target)!).EnumerateFiles("*" + TemporaryExtension))
        {
            if (file.FullName.Length == length && file.FullName.StartsWith(target + ".", StringComparison.Ordinal))
                TryDelete(file.FullName);
        }
    }

    /// <summary>Opens a file alone, to delete it: another user's for reading, since who may write to the directory may delete it.</summary>
    private static FileStream Hold(string file)
    {
        try
        {
            return new FileStream(file, FileMode.Open, FileAccess.ReadWrite, FileShare.None, bufferSize: 1, FileOptions.DeleteOnClose);
        }
        catch (UnauthorizedAccessException)
        {
            return new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.None, bufferSize: 1, FileOptions.DeleteOnClose);
        }
    }

    private static void TryDelete(string file) => AsFarAsPossible(() => Hold(file).Dispose());

    private static void AsFarAsPossible(Action delete)
    {
        try
        {
            delete();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // In use by another writer, already gone, or not to be had: what was written is what matters.
        }
    }
}
