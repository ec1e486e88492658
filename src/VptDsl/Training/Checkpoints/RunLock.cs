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
        using FileStream? alone = TryOpen(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
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
