using System.IO.MemoryMappedFiles;
using VptDsl.Common;

namespace VptDsl.Weights;

/// <summary>A file mapped into memory for reading: the system loads the pages that are used, no copy is held.</summary>
/// <remarks>Another program that shortens the file in place takes the memory away; files replaced by renaming stay readable.</remarks>
internal sealed unsafe class MappedFile : IDisposable
{
    private readonly FileStream _stream;
    private readonly MemoryMappedFile? _mapping;
    private readonly MemoryMappedViewAccessor? _view;

    private MappedFile(FileStream stream)
    {
        _stream = stream;
        Length = stream.Length;
        if (Length > 0)
        {
            _mapping = MemoryMappedFile.CreateFromFile(
                stream, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: true);
            _view = _mapping.CreateViewAccessor(0, Length, MemoryMappedFileAccess.Read);
        }
    }

    /// <summary>The file's length in bytes when it was opened.</summary>
    public long Length { get; }

    /// <summary>Maps a file.</summary>
    /// <exception cref="WeightFileException">It does not exist or cannot be read.</exception>
    public static MappedFile Open(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        if (Directory.Exists(path))
        {
            throw new WeightFileException(path, "this is a directory", "Give the path of the file in it.");
        }

        if (SpecialFile.KindOf(path) is { } kind)
        {
            throw new WeightFileException(path, $"this is {kind}, not a file", "Write its content to a file, and give that.");
        }

        FileStream? stream = null;
        try
        {
            stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
            return new MappedFile(stream);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            stream?.Dispose();
            throw Unreadable(path, e);
        }
    }

    /// <summary>Copies bytes from a place in the file.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The bytes do not all lie in the file.</exception>
    /// <exception cref="ObjectDisposedException">The file was closed.</exception>
    public void Copy(long offset, Span<byte> destination)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset, Length - destination.Length);
        ObjectDisposedException.ThrowIf(!_stream.CanRead, this);
        if (_view is null)
        {
            return;
        }

        byte* start = null;
        // Holding the pointer keeps the mapping in place should another thread close the file meanwhile.
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
        try
        {
            new ReadOnlySpan<byte>(start + _view.PointerOffset + offset, destination.Length).CopyTo(destination);
        }
        finally
        {
            _view.SafeMemoryMappedViewHandle.ReleasePointer();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _view?.Dispose();
        _mapping?.Dispose();
        _stream.Dispose();
    }

    private static WeightFileException Unreadable(string path, Exception cause)
    {
        (string problem, string remedy) = cause switch
        {
            FileNotFoundException or DirectoryNotFoundException =>
                ("the file does not exist", $"Check the path; the working directory is {Environment.CurrentDirectory}."),
            UnauthorizedAccessException =>
                ("the file may not be read", "Check its permissions."),
            _ =>
                ($"the file cannot be read: {cause.Message.TrimEnd('.')}", "Check that it is an ordinary file on a working disk."),
        };
        return new WeightFileException(path, problem, remedy, innerException: cause);
    }
}
