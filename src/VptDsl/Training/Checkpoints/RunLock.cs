using System.Globalization;
using System.Text;
using VptDsl.Common;
using VptDsl.Weights;

namespace VptDsl.Training.Checkpoints;

/// <summary>Keeps a file that a run saves itself to from a second run, in this process or in another, until disposed of.</summary>
/// <remarks>
/// A file beside it, named <c>*.lock</c>, is held open. Nothing else is a lock: what a process that was killed leaves behind holds nobody
/// up. Whoever is alone with the file puts a name into it, then holds it open for others to read; if two were alone one after the other,
/// the last name counts.
/// </remarks>
internal sealed class RunLock : IDisposable
{
    private const int NameBytes = 256;

    private readonly string _path;
    private readonly FileStream _file;

    private RunLock(string path, FileStream file) => (_path, _file) = (path, file);

    /// <summary>The file beside one that a run saves itself to.</summary>
    public static string FileOf(string path) => path + ".lock";

    /// <summary>Takes a file for a run.</summary>
    /// <param name="path">The file that the run saves itself to, which need not be there yet.</param>
    /// <exception cref="IOException">A run has it, nothing can be written there, or the lock's place is taken.</exception>
    public static RunLock Take(string path)
    {
        AtomicFile.CheckPlace(path);
        string file = FileOf(Path.GetFullPath(path));
        if ((Directory.Exists(file) ? "a folder" : SpecialFile.KindOf(file)) is { } kind)
        {
            throw new IOException(
                $"{path}: the run keeps this file from other runs with a file beside it, {file}, but that is {kind}: take it away, or give "
                + "the run another file.");
        }

        string name = string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessId} {Guid.NewGuid():N}");
        return TryWrite(path, file, name) && TryHold(file) is { } held
            ? Confirm(path, file, name, held)
            : throw InUse(path, ReadName(file));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // While it is held: afterwards it might be another's.
        TryDelete(_path);
        _file.Dispose();
    }

    private static RunLock Confirm(string path, string file, string name, FileStream held)
    {
        string winner = ReadName(held);
        if (winner == name)
            return new RunLock(file, held);
        held.Dispose();
        throw InUse(path, winner);
    }

    private static bool TryWrite(string path, string file, string name)
    {
        using FileStream? alone = TryOpenAlone(path, file);
        if (alone is null)
            return false;
        try
        {
            alone.SetLength(0);
            RandomAccess.Write(alone.SafeFileHandle, Encoding.ASCII.GetBytes(name), fileOffset: 0);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            TryDelete(file);
            throw new IOException(
                $"{path}: no run can be saved there: {e.Message.TrimEnd('.')}. Make room on the disk, or name another place.", e);
        }
    }

    /// <summary>Opens a lock to write to it, and replaces one that another user's killed run left.</summary>
    /// <returns>Null where a run has it.</returns>
    /// <exception cref="IOException">It may not be written to, nor replaced.</exception>
    private static FileStream? TryOpenAlone(string path, string file, bool isLast = false)
    {
        try
        {
            return new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (UnauthorizedAccessException e) when (isLast)
        {
            throw new IOException(
                $"{path}: the run keeps this file from other runs with a file beside it, {file}, which cannot be written to: "
                + $"{e.Message.TrimEnd('.')}. If no run has it any more, delete that file; else give each run a file of its own.", e);
        }
        catch (UnauthorizedAccessException)
        {
            return IsHeld(file) ? null : TryOpenAlone(path, file, isLast: true);
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>Whether a run has a lock of another user; one that nobody has is deleted, where that may be done.</summary>
    private static bool IsHeld(string file)
    {
        try
        {
            using var alone = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.None);
            // Where it opens twice the file system keeps no locks of readers, and to be alone with it says nothing.
            using FileStream? other = TryHold(file);
            if (other is null)
                TryDelete(file);
            return false;
        }
        catch (IOException e)
        {
            return HeldFile.IsCauseOf(e);
        }
        catch (UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static void TryDelete(string file)
    {
        try
        {
            File.Delete(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A file that nobody holds is no lock.
        }
    }

    private static FileStream? TryHold(string file) => TryOpen(file, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);

    private static FileStream? TryOpen(string file, FileMode mode, FileAccess access, FileShare share)
    {
        try
        {
            return new FileStream(file, mode, access, share);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static string ReadName(string file)
    {
        using FileStream? held = TryHold(file);
        return held is null ? "" : ReadName(held);
    }

    private static string ReadName(FileStream file)
    {
        byte[] name = new byte[NameBytes];
        return Encoding.ASCII.GetString(name, 0, file.ReadAtLeast(name, name.Length, throwOnEndOfStream: false));
    }

    private static IOException InUse(string path, string name)
    {
        string process = int.TryParse(name.Split(' ')[0], NumberStyles.None, CultureInfo.InvariantCulture, out int id)
            ? string.Create(CultureInfo.InvariantCulture, $"process {id}{(id == Environment.ProcessId ? ", this one" : "")}")
            : "another process";
        return new IOException(
            $"{path}: another run saves itself to this file ({process}). Wait until that has ended, or give each run a file of its own.");
    }
}
